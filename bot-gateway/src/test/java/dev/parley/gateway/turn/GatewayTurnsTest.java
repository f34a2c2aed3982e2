package dev.parley.gateway.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.gateway.admission.AdmissionLimits;
import dev.parley.gateway.chat.AnswerView;
import dev.parley.gateway.chat.InboundMessage;
import dev.parley.gateway.chat.Submission;
import dev.parley.gateway.chat.TurnEvent;
import dev.parley.gateway.turn.TestGateways.TestGateway;
import dev.parley.shared.turn.StoreUnavailable;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnState;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.ReplyAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatewayTurnsTest {

  private final TestGateways gateways = new TestGateways();

  @AfterEach
  void stop() {
    gateways.close();
  }

  private static ConditionFactory eventually() {
    return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(5));
  }

  private static void awaitText(ToldListener listener, String text) {
    eventually().untilAsserted(() -> assertThat(listener.text()).isEqualTo(text));
    assertThat(listener.fault()).isEmpty();
  }

  private static void awaitEnd(ToldListener listener, EndReason reason, String text) {
    eventually().until(() -> listener.end().isPresent());
    assertThat(listener.end().orElseThrow().end()).isEqualTo(reason);
    assertThat(listener.end().orElseThrow().wholeText()).isEqualTo(text);
    assertThat(listener.fault()).isEmpty();
  }

  private static void awaitClosed(TestGateway gateway, TurnRef ref) {
    eventually()
        .until(() ->
            gateway.turns.view(ref).map(AnswerView::state).filter(TurnState::closed).isPresent());
  }

  private static Submission.Accepted accepted(Submission submission) {
    assertThat(submission).isInstanceOf(Submission.Accepted.class);
    return (Submission.Accepted) submission;
  }

  @Test
  void a_message_is_answered_as_its_worker_writes() throws Exception {
    TestGateway a = gateways.gateway("a");
    ToldListener listener = new ToldListener();
    var accepted = accepted(a.turns.submit(TestGateways.message("c", "1"), listener));
    assertThat(accepted.before()).isZero();
    TurnRef ref = gateways.claim("x");
    gateways.say(ref, "x", 1, "Hel");
    gateways.say(ref, "x", 2, "lo");
    awaitText(listener, "Hello");
    gateways.finish(ref, "x", "Hello");
    awaitEnd(listener, EndReason.STOP, "Hello");
    awaitClosed(a, ref);
    assertThat(a.turns.history("c")).hasSize(1);
    assertThat(a.turns.history("c").getFirst().userText()).isEqualTo("question 1");
    assertThat(
            a.registry
                .get("gen_ai.client.operation.time_to_first_chunk")
                .tag("gen_ai.operation.name", "chat")
                .timer()
                .count())
        .isOne();
  }

  @Test
  void the_same_message_again_is_the_same_turn() throws Exception {
    TestGateway a = gateways.gateway("a");
    InboundMessage message = TestGateways.message("c", "1");
    accepted(a.turns.submit(message, new ToldListener()));
    TurnRef ref = gateways.claim("x");
    gateways.say(ref, "x", 1, "Hel");
    ToldListener again = new ToldListener();
    assertThat(a.turns.submit(message, again)).isInstanceOf(Submission.Existing.class);
    awaitText(again, "Hel");
    gateways.finish(ref, "x", "Hello");
    awaitEnd(again, EndReason.STOP, "Hello");
    awaitClosed(a, ref);
    ToldListener late = new ToldListener();
    assertThat(a.turns.submit(message, late)).isInstanceOf(Submission.Existing.class);
    awaitEnd(late, EndReason.STOP, "Hello");
    assertThat(gateways.queue).isEmpty();
  }

  @Test
  void logprobs_reach_every_reader_as_the_text_does() throws Exception {
    TestGateway a = gateways.gateway("a");
    TestGateway b = gateways.gateway("b");
    InboundMessage message = TestGateways.message("c", "1");
    ToldListener first = new ToldListener();
    ToldListener elsewhere = new ToldListener();
    accepted(a.turns.submit(message, first));
    TurnRef ref = gateways.claim("x");
    gateways.score(ref, "x", 1, "Hel");
    awaitText(first, "Hel");
    assertThat(b.turns.submit(message, elsewhere)).isInstanceOf(Submission.Existing.class);
    awaitText(elsewhere, "Hel");
    ToldListener again = new ToldListener();
    a.turns.submit(message, again);
    gateways.score(ref, "x", 2, "lo");
    awaitText(elsewhere, "Hello");
    assertThat(elsewhere.spelled()).isEqualTo("Hello");
    gateways.finish(ref, "x", "Hello");
    for (ToldListener reader : List.of(first, again)) {
      awaitEnd(reader, EndReason.STOP, "Hello");
      assertThat(reader.spelled()).isEqualTo("Hello");
    }
    awaitClosed(a, ref);
    ToldListener late = new ToldListener();
    a.turns.submit(message, late);
    awaitEnd(late, EndReason.STOP, "Hello");
    assertThat(late.spelled()).isEqualTo("Hello");
  }

  @Test
  void messages_that_come_together_are_refused_together() throws Exception {
    TestGateway a = gateways.gateway("a", new AdmissionLimits(3, 3, 10, Duration.ofSeconds(1)));
    List<InboundMessage> two =
        List.of(TestGateways.message("c", "1"), TestGateways.message("c:1", "1"));
    List<InboundMessage> more =
        List.of(TestGateways.message("c", "2"), TestGateways.message("c:1", "2"));
    List<ToldListener> readers = List.of(new ToldListener(), new ToldListener());
    assertThat(a.turns.submit(two, readers)).hasOnlyElementsOfType(Submission.Accepted.class);
    assertThat(a.turns.submit(two, readers)).hasOnlyElementsOfType(Submission.Existing.class);
    assertThat(a.turns.submit(more, readers)).hasOnlyElementsOfType(Submission.Refused.class);
    eventually().until(() -> a.turns.open() == 2);
  }

  @Test
  void a_turn_is_followed_on_another_gateway() throws Exception {
    TestGateway a = gateways.gateway("a");
    TestGateway b = gateways.gateway("b");
    InboundMessage message = TestGateways.message("c", "1");
    accepted(a.turns.submit(message, new ToldListener()));
    TurnRef ref = gateways.claim("x");
    gateways.say(ref, "x", 1, "Hel");
    ToldListener watcher = new ToldListener();
    b.turns.watch(ref, watcher);
    awaitText(watcher, "Hel");
    gateways.say(ref, "x", 2, "lo");
    awaitText(watcher, "Hello");
    assertThat(b.turns.view(ref).map(AnswerView::text)).contains("Hello");
    ToldListener retry = new ToldListener();
    assertThat(b.turns.submit(message, retry)).isInstanceOf(Submission.Existing.class);
    gateways.finish(ref, "x", "Hello");
    awaitEnd(watcher, EndReason.STOP, "Hello");
    awaitEnd(retry, EndReason.STOP, "Hello");
  }

  @Test
  void a_closed_turn_of_another_gateway_is_told_from_the_history() throws Exception {
    TestGateway a = gateways.gateway("a");
    TestGateway b = gateways.gateway("b");
    accepted(a.turns.submit(TestGateways.message("c", "1"), new ToldListener()));
    TurnRef ref = gateways.claim("x");
    gateways.finish(ref, "x", "Hello");
    awaitClosed(b, ref);
    assertThat(b.turns.view(ref).map(AnswerView::text)).contains("Hello");
    ToldListener watcher = new ToldListener();
    b.turns.watch(ref, watcher);
    awaitEnd(watcher, EndReason.STOP, "Hello");
    assertThat(watcher.events().getFirst()).isEqualTo(new TurnEvent.Restarted("Hello"));
  }

  @Test
  void the_answer_of_an_api_client_is_not_told_by_another_gateway() throws Exception {
    TestGateway a = gateways.gateway("a");
    TestGateway b = gateways.gateway("b");
    ReplyAddress http = new ReplyAddress(ReplyAddress.HTTP, "");
    accepted(a.turns.submit(TestGateways.message("c", "1", http), new ToldListener()));
    TurnRef ref = gateways.claim("x");
    gateways.finish(ref, "x", "Hello");
    awaitClosed(a, ref);
    assertThat(a.turns.view(ref).map(AnswerView::text)).contains("Hello");
    AnswerView elsewhere = b.turns.view(ref).orElseThrow();
    assertThat(elsewhere.end()).contains(EndReason.UNREADABLE);
    assertThat(elsewhere.sentence()).contains("not kept");
  }

  @Test
  void when_a_gateway_dies_its_readers_elsewhere_read_on() throws Exception {
    TestGateway a = gateways.gateway("a");
    accepted(a.turns.submit(TestGateways.message("c", "1"), new ToldListener()));
    TurnRef ref = gateways.claim("x");
    gateways.say(ref, "x", 1, "Hel");
    TestGateway b = gateways.gateway("b");
    ToldListener watcher = new ToldListener();
    b.turns.watch(ref, watcher);
    awaitText(watcher, "Hel");
    a.kill();
    gateways.forgetLiveness("a");
    gateways.say(ref, "x", 2, "lo");
    eventually().until(() -> b.turns.open() == 1);
    gateways.say(ref, "x", 3, "!");
    awaitText(watcher, "Hello!");
    gateways.finish(ref, "x", "Hello!");
    awaitEnd(watcher, EndReason.STOP, "Hello!");
    awaitClosed(b, ref);
  }

  @Test
  void when_a_turn_is_taken_over_its_readers_here_read_on() throws Exception {
    TestGateway a = gateways.gateway("a");
    ToldListener listener = new ToldListener();
    accepted(a.turns.submit(TestGateways.message("c", "1"), listener));
    TurnRef ref = gateways.claim("x");
    gateways.say(ref, "x", 1, "Hel");
    awaitText(listener, "Hel");
    a.mood.down = true;
    TestGateway b = gateways.gateway("b");
    eventually().until(b.turns::live);
    gateways.pass(31_000);
    eventually().until(() -> b.turns.open() == 1);
    a.mood.down = false;
    gateways.say(ref, "x", 2, "lo");
    awaitText(listener, "Hello");
    eventually().until(() -> a.turns.open() == 0);
    gateways.finish(ref, "x", "Hello");
    awaitEnd(listener, EndReason.STOP, "Hello");
  }

  @Test
  void an_admission_of_unknown_outcome_is_asked_again() throws Exception {
    TestGateway a = gateways.gateway("a");
    eventually().until(a.turns::live);
    a.mood.down = true;
    CompletableFuture<Submission> submission =
        CompletableFuture.supplyAsync(
            () -> a.turns.submit(TestGateways.message("c", "1"), new ToldListener()));
    eventually().until(() -> a.registry.get("parley.store.unknown").counter().count() > 2);
    a.mood.loseReply = true;
    a.mood.down = false;
    accepted(submission.get(30, TimeUnit.SECONDS));
    gateways.claim("x");
  }

  @Test
  void a_store_that_stays_away_is_a_refusal_and_an_error_to_readers() {
    TestGateway a = gateways.gateway("a");
    a.mood.down = true;
    Submission submission = a.turns.submit(TestGateways.message("c", "1"), new ToldListener());
    assertThat(submission).isInstanceOf(Submission.Refused.class);
    assertThat(((Submission.Refused) submission).reason())
        .isEqualTo(Submission.Refusal.UNAVAILABLE);
    TurnRef ref = TestGateways.message("c", "2").ref();
    assertThatThrownBy(() -> a.turns.view(ref)).isInstanceOf(StoreUnavailable.class);
    assertThatThrownBy(() -> a.turns.history("c")).isInstanceOf(StoreUnavailable.class);
  }

  @Test
  void a_conversation_answers_in_order_and_is_full_at_its_limit() throws Exception {
    TestGateway a = gateways.gateway("a");
    ToldListener second = new ToldListener();
    accepted(a.turns.submit(TestGateways.message("c", "1"), new ToldListener()));
    assertThat(accepted(a.turns.submit(TestGateways.message("c", "2"), second)).before()).isOne();
    accepted(a.turns.submit(TestGateways.message("c", "3"), new ToldListener()));
    Submission fourth = a.turns.submit(TestGateways.message("c", "4"), new ToldListener());
    assertThat(fourth).isInstanceOf(Submission.Refused.class);
    assertThat(((Submission.Refused) fourth).reason()).isEqualTo(Submission.Refusal.TOO_MANY);
    TurnRef ref = gateways.claim("x");
    assertThat(ref).isEqualTo(TestGateways.message("c", "1").ref());
    assertThat(gateways.queue).isEmpty();
    assertThat(a.turns.view(TestGateways.message("c", "3").ref()).map(AnswerView::before))
        .contains(2);
    gateways.finish(ref, "x", "one");
    assertThat(gateways.claim("y")).isEqualTo(TestGateways.message("c", "2").ref());
    eventually().until(() -> second.events().contains(new TurnEvent.Position(0)));
  }

  @Test
  void a_user_with_too_much_in_progress_is_refused_until_a_turn_ends() throws Exception {
    TestGateway a = gateways.gateway("a", new AdmissionLimits(1, 1, 10, Duration.ofSeconds(7)));
    InboundMessage first = TestGateways.message("c", "1");
    ToldListener listener = new ToldListener();
    accepted(a.turns.submit(first, listener));
    InboundMessage second = TestGateways.message("c", "2");
    Submission refused = a.turns.submit(second, new ToldListener());
    assertThat(refused).isInstanceOf(Submission.Refused.class);
    assertThat(((Submission.Refused) refused).retryAfter()).isEqualTo(Duration.ofSeconds(7));
    assertThat(a.turns.submit(first, new ToldListener())).isInstanceOf(Submission.Existing.class);
    gateways.finish(gateways.claim("x"), "x", "one");
    awaitEnd(listener, EndReason.STOP, "one");
    accepted(a.turns.submit(second, new ToldListener()));
  }

  @Test
  void a_closed_door_refuses_new_messages_and_knows_old_ones() {
    TestGateway a = gateways.gateway("a");
    TestGateway b = gateways.gateway("b");
    InboundMessage message = TestGateways.message("c", "1");
    accepted(a.turns.submit(message, new ToldListener()));
    var sentence =
        new Submission.Refused(Submission.Refusal.UNAVAILABLE, "Not now.", Duration.ofSeconds(1));
    b.door = Optional.of(sentence);
    assertThat(b.turns.submit(TestGateways.message("c", "2"), new ToldListener()))
        .isEqualTo(sentence);
    assertThat(b.turns.submit(message, new ToldListener())).isInstanceOf(Submission.Existing.class);
  }

  @Test
  void a_turn_is_stopped_from_any_gateway() throws Exception {
    TestGateway a = gateways.gateway("a");
    TestGateway b = gateways.gateway("b");
    ToldListener listener = new ToldListener();
    accepted(a.turns.submit(TestGateways.message("c", "1"), listener));
    TurnRef ref = gateways.claim("x");
    gateways.say(ref, "x", 1, "Hel");
    awaitText(listener, "Hel");
    assertThat(b.turns.cancel(ref)).isTrue();
    awaitEnd(listener, EndReason.CANCELLED, "Hel");
    assertThat(a.turns.cancel(ref)).isFalse();
    assertThat(a.turns.cancel(TestGateways.message("c", "9").ref())).isFalse();
    ToldListener second = new ToldListener();
    accepted(a.turns.submit(TestGateways.message("d", "1"), second));
    assertThat(a.turns.cancel(TestGateways.message("d", "1").ref())).isTrue();
    awaitEnd(second, EndReason.CANCELLED, "");
  }

  @Test
  void the_same_wish_for_another_answer_is_one_turn() throws Exception {
    TestGateway a = gateways.gateway("a");
    TurnRef old =
        accepted(a.turns.submit(TestGateways.message("c", "1"), new ToldListener())).turn();
    InboundMessage again = TestGateways.message("c", "1.again");
    a.mood.down = true;
    CompletableFuture<Submission> first =
        CompletableFuture.supplyAsync(() -> a.turns.replace(old, again, new ToldListener()));
    CompletableFuture<Submission> second =
        CompletableFuture.supplyAsync(() -> a.turns.replace(old, again, new ToldListener()));
    a.mood.loseReply = true;
    a.mood.down = false;
    accepted(first.get(30, TimeUnit.SECONDS));
    accepted(second.get(30, TimeUnit.SECONDS));
    assertThat(a.turns.replace(old, again, new ToldListener()))
        .isInstanceOf(Submission.Existing.class);
    assertThat(a.turns.open()).isLessThanOrEqualTo(1);
  }

  @Test
  void a_turn_that_another_gateway_lets_be_replaced_ends_where_it_is_owned() {
    TestGateway a = gateways.gateway("a");
    TestGateway b = gateways.gateway("b");
    ToldListener listener = new ToldListener();
    TurnRef old = accepted(a.turns.submit(TestGateways.message("c", "1"), listener)).turn();
    accepted(b.turns.replace(old, TestGateways.message("c", "1.again"), new ToldListener()));
    awaitEnd(listener, EndReason.CANCELLED, "");
    awaitClosed(a, old);
    assertThat(b.turns.view(old).map(AnswerView::state)).contains(TurnState.DELIVERED);
  }

  @Test
  void a_turn_is_taken_back_from_any_gateway_and_once() {
    TestGateway a = gateways.gateway("a");
    TestGateway b = gateways.gateway("b");
    ToldListener listener = new ToldListener();
    TurnRef turn = accepted(a.turns.submit(TestGateways.message("c", "1"), listener)).turn();
    eventually().until(b.turns::live);
    b.mood.loseReply = true;
    assertThat(b.turns.retract(turn)).contains(List.of());
    awaitEnd(listener, EndReason.CANCELLED, "");
    assertThat(a.turns.retract(turn)).as("the same wish again").contains(List.of());
    assertThat(a.turns.newest("c")).isEmpty();
  }

  @Test
  void a_closed_subscription_hears_no_more_here_and_elsewhere() throws Exception {
    TestGateway a = gateways.gateway("a");
    TestGateway b = gateways.gateway("b");
    ToldListener listener = new ToldListener();
    ToldListener elsewhere = new ToldListener();
    ToldListener witness = new ToldListener();
    var accepted = accepted(a.turns.submit(TestGateways.message("c", "1"), listener));
    TurnRef ref = gateways.claim("x");
    gateways.say(ref, "x", 1, "Hel");
    var subscription = b.turns.watch(ref, elsewhere);
    awaitText(elsewhere, "Hel");
    awaitText(listener, "Hel");
    accepted.subscription().close();
    subscription.close();
    b.turns.watch(ref, witness);
    gateways.finish(ref, "x", "Hello");
    awaitEnd(witness, EndReason.STOP, "Hello");
    assertThat(listener.text()).isEqualTo("Hel");
    assertThat(elsewhere.text()).isEqualTo("Hel");
    assertThat(listener.end()).isEmpty();
  }

  @Test
  void a_listener_that_throws_harms_nobody_else() throws Exception {
    TestGateway a = gateways.gateway("a");
    ToldListener good = new ToldListener();
    InboundMessage message = TestGateways.message("c", "1");
    a.turns.submit(
        message,
        event -> {
          throw new IllegalStateException("a listener's bug");
        });
    a.turns.watch(message.ref(), good);
    TurnRef ref = gateways.claim("x");
    gateways.say(ref, "x", 1, "Hello");
    gateways.finish(ref, "x", "Hello");
    awaitEnd(good, EndReason.STOP, "Hello");
  }
}
