package dev.parley.shared.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.shared.turn.Admission;
import dev.parley.shared.turn.AdmitReply;
import dev.parley.shared.turn.AppendReply;
import dev.parley.shared.turn.Claim;
import dev.parley.shared.turn.ClaimReply;
import dev.parley.shared.turn.DueTurn;
import dev.parley.shared.turn.HistoryEntry;
import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnState;
import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.turn.ViewReply;
import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.Delta;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.Prompt;
import dev.parley.shared.wire.ReplyAddress;
import dev.parley.shared.wire.Sampling;
import dev.parley.shared.wire.TurnRequest;
import dev.parley.shared.wire.Usage;
import dev.parley.shared.wire.Wire;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What every turn store does, told as the lives of turns.
abstract class TurnStoreContract {

  private static final HistoryEntry NO_HISTORY = new HistoryEntry("", 10, 1_000);
  private static final TurnRequest REQUEST =
      new TurnRequest(
          "tenant",
          "user",
          Lane.INTERACTIVE,
          new ReplyAddress("web", ""),
          List.of(ChatMessage.user("hello")),
          true,
          Sampling.greedy(5));
  private static final TurnRef FIRST = new TurnRef("chat", "one");
  private static final TurnRef SECOND = new TurnRef("chat", "two");

  /// An empty store without an epoch.
  abstract TurnStore store();

  abstract void wipe();

  abstract void pass(long ms);

  private TurnStore ready() {
    TurnStore store = store();
    store.openEpoch();
    pass(TurnStore.REBUILD_MS);
    store.beatGateway("g1", 1);
    store.beatWorker("w1", "{}", List.of());
    return store;
  }

  private static Admission admission(TurnRef ref) {
    return new Admission(ref, Wire.encode(REQUEST), "g1", 60_000, 900_000, 3, true, Long.MAX_VALUE);
  }

  private static Claim claim(TurnRef ref, String attempt, String worker, boolean secondAsk) {
    Prompt prompt =
        new Prompt(
            Prompt.SCHEMA,
            ref,
            REQUEST,
            REQUEST.messages(),
            "g1",
            1,
            Long.MAX_VALUE / 1_000_000,
            Long.MAX_VALUE / 1_000_000,
            "",
            "",
            "",
            Map.of());
    return new Claim(attempt, worker, "fp", List.of(attempt), secondAsk, 3, prompt);
  }

  private static Delta delta(long n, String text) {
    return new Delta(n, List.of((int) n), text);
  }

  private static TurnView view(TurnStore store, TurnRef ref) {
    assertThat(store.view(ref, 0)).isInstanceOf(ViewReply.Found.class);
    return ((ViewReply.Found) store.view(ref, 0)).turn();
  }

  private static TurnStore running(TurnStore store) {
    store.admit(admission(FIRST));
    store.produced(FIRST);
    assertThat(store.claim(claim(FIRST, "A", "w1", false))).isInstanceOf(ClaimReply.Run.class);
    store.append(FIRST, "A", List.of(delta(1, "Hel"), delta(2, "lo")));
    return store;
  }

  @Test
  void turns_of_one_millisecond_have_an_order() {
    TurnStore store = ready();
    assertThat(store.admit(admission(FIRST))).isInstanceOf(AdmitReply.Admitted.class);
    assertThat(store.admit(admission(SECOND))).isInstanceOf(AdmitReply.Admitted.class);
    TurnView first = view(store, FIRST);
    TurnView second = view(store, SECOND);
    assertThat(second.admittedMs()).isEqualTo(first.admittedMs() + 1);
    assertThat(second.deadlineMs()).isEqualTo(second.admittedMs() + 60_000);
  }

  @Test
  void a_message_is_admitted_answered_shown_and_remembered() {
    TurnStore store = running(ready());
    Usage usage = new Usage(3, 2);
    assertThat(store.finish(FIRST, "A", "Hello", EndReason.STOP, usage)).isEqualTo(Outcome.OK);
    assertThat(store.finish(FIRST, "A", "Hello", EndReason.STOP, usage)).isEqualTo(Outcome.OK);
    assertThat(store.got(FIRST, "g1")).isEqualTo(Outcome.OK);
    TurnView done = view(store, FIRST);
    assertThat(done.text()).isEqualTo("Hello");
    assertThat(done.usage()).isEqualTo(usage);
    assertThat(done.shownText()).isEqualTo("Hello");
    HistoryEntry entry = new HistoryEntry("{\"turnId\":\"one\"}", 10, 60_000);
    assertThat(store.delivered(FIRST, "g1", EndReason.STOP, true, entry)).isEqualTo(Outcome.OK);
    assertThat(store.delivered(FIRST, "g1", EndReason.STOP, true, entry)).isEqualTo(Outcome.OK);
    assertThat(store.history("chat")).containsExactly("{\"turnId\":\"one\"}");
    assertThat(view(store, FIRST).state()).isEqualTo(TurnState.DELIVERED);
  }

  @Test
  void a_turn_that_ended_otherwise_than_it_was_shown_is_not_closed() {
    TurnStore store = running(ready());
    store.fail(FIRST, EndReason.UNREADABLE);
    assertThat(store.delivered(FIRST, "g1", EndReason.EXPIRED, true, NO_HISTORY))
        .isEqualTo(Outcome.LATER);
    assertThat(view(store, FIRST).state()).isEqualTo(TurnState.FAILED);
  }

  @Test
  void the_next_turn_goes_when_the_one_before_it_is_shown_and_not_before() {
    TurnStore store = running(ready());
    assertThat(store.admit(admission(SECOND)))
        .isInstanceOfSatisfying(
            AdmitReply.Admitted.class, a -> assertThat(a.state()).isEqualTo(TurnState.WAITING));
    store.finish(FIRST, "A", "Hello", EndReason.STOP, Usage.NONE);
    assertThat(view(store, SECOND).state()).isEqualTo(TurnState.WAITING);
    store.delivered(FIRST, "g1", EndReason.STOP, true, NO_HISTORY);
    assertThat(view(store, SECOND).state()).isEqualTo(TurnState.READY);
  }

  @Test
  void a_worker_that_skipped_a_delta_is_told_where_to_go_on_and_old_ones_change_nothing() {
    TurnStore store = running(ready());
    assertThat(store.append(FIRST, "A", List.of(delta(4, "x")))).isEqualTo(new AppendReply.Gap(2));
    assertThat(store.append(FIRST, "A", List.of(delta(2, "lo"), delta(3, "!"))))
        .isEqualTo(new AppendReply.Ok());
    assertThat(view(store, FIRST).shownText()).isEqualTo("Hello!");
  }

  @Test
  void an_answer_may_begin_anew_twice_and_a_repeated_call_counts_once() {
    TurnStore store = running(ready());
    assertThat(store.restart(FIRST, "A", 0)).isEqualTo(Outcome.OK);
    assertThat(store.restart(FIRST, "A", 0)).isEqualTo(Outcome.OK);
    assertThat(view(store, FIRST).restarts()).isOne();
    assertThat(view(store, FIRST).deltas()).isEmpty();
    store.append(FIRST, "A", List.of(delta(1, "Oh")));
    assertThat(store.restart(FIRST, "A", 0)).isEqualTo(Outcome.OK);
    assertThat(view(store, FIRST).shownText()).isEqualTo("Oh");
    assertThat(store.restart(FIRST, "A", 1)).isEqualTo(Outcome.OK);
    assertThat(view(store, FIRST).restarts()).isEqualTo(2);
    assertThat(view(store, FIRST).deltas()).isEmpty();
  }

  @Test
  void another_worker_waits_for_a_living_one_and_continues_a_dead_ones_answer() {
    TurnStore store = running(ready());
    assertThat(store.claim(claim(FIRST, "B", "w2", false))).isEqualTo(new ClaimReply.Wait());
    pass(TurnStore.WORKER_LEASE_MS);
    assertThat(store.claim(claim(FIRST, "B", "w2", true)))
        .isEqualTo(new ClaimReply.Run(List.of(delta(1, "Hel"), delta(2, "lo")), 0, false));
    assertThat(store.append(FIRST, "A", List.of(delta(3, "!")))).isEqualTo(new AppendReply.Other());
    assertThat(store.finish(FIRST, "A", "zombie", EndReason.STOP, Usage.NONE))
        .isEqualTo(Outcome.OTHER);
  }

  @Test
  void a_living_worker_vouches_only_for_the_attempts_that_it_names() {
    TurnStore store = running(ready());
    store.beatWorker("w1", "{}", List.of("A", "other"));
    assertThat(store.claim(claim(FIRST, "B", "w2", true))).isEqualTo(new ClaimReply.Drop());
    assertThat(view(store, FIRST).orphan()).isTrue();
    store.beatWorker("w1", "{}", List.of("other"));
    assertThat(store.requeue(FIRST, 20_000)).as("no record is left").isEqualTo(Outcome.OK);
    assertThat(store.claim(claim(FIRST, "C", "w1", false))).isInstanceOf(ClaimReply.Run.class);
    store.beatWorker("w1", "{}", List.of());
    assertThat(store.claim(claim(FIRST, "B", "w2", false))).isEqualTo(new ClaimReply.Wait());
    assertThat(store.claim(claim(FIRST, "B", "w2", true))).isInstanceOf(ClaimReply.Run.class);
  }

  @Test
  void a_record_of_a_turn_that_waits_is_held_until_its_owner_must_have_seen_that() {
    TurnStore store = running(ready());
    store.admit(admission(SECOND));
    assertThat(store.claim(claim(SECOND, "B", "w2", false))).isEqualTo(new ClaimReply.Wait());
    assertThat(store.claim(claim(SECOND, "B", "w2", true))).isEqualTo(new ClaimReply.Drop());
    store.reopenEpoch();
    assertThat(store.claim(claim(SECOND, "B", "w2", true))).isEqualTo(new ClaimReply.Wait());
  }

  @Test
  void what_was_put_back_late_takes_no_message_and_no_send_away() {
    TurnStore store = running(ready());
    TurnView before = view(store, FIRST);
    store.placing(FIRST, "g1", 0);
    assertThat(store.assertTurn(before)).isEqualTo(Outcome.OK);
    assertThat(view(store, FIRST).placing()).isEqualTo(1);
    store.placed(FIRST, "g1", 0, "message");
    assertThat(store.assertTurn(before)).isEqualTo(Outcome.OK);
    assertThat(view(store, FIRST).parts()).containsExactly("message");
  }

  @Test
  void nothing_is_admitted_for_a_gateway_that_has_given_up_by_now() {
    TurnStore store = ready();
    assertThat(store.admit(new Admission(FIRST, Wire.encode(REQUEST), "g1", 60_000, 1, 3, true, 1)))
        .isEqualTo(new AdmitReply.Wait());
    assertThat(store.view(FIRST, 0)).isEqualTo(new ViewReply.Missing());
  }

  @Test
  void a_closed_turns_owner_puts_back_the_messages_that_its_record_has_lost() {
    TurnStore store = running(ready());
    store.cancel(FIRST);
    store.placed(FIRST, "g1", 0, "zero");
    store.placed(FIRST, "g1", 1, "one");
    TurnView ended = view(store, FIRST);
    store.placed(FIRST, "g1", 0, "");
    store.delivered(FIRST, "g1", EndReason.CANCELLED, true, NO_HISTORY);
    assertThat(store.assertTurn(ended)).as("not known to be closed").isEqualTo(Outcome.EXISTS);
    assertThat(view(store, FIRST).parts()).containsExactly("", "one");
    assertThat(store.assertTurn(closed(ended))).isEqualTo(Outcome.EXISTS);
    assertThat(view(store, FIRST).parts()).containsExactly("zero", "one");
  }

  private static TurnView closed(TurnView v) {
    return new TurnView(
        v.ref(),
        TurnState.DELIVERED,
        v.request(),
        v.gateway(),
        v.adoptions(),
        v.admittedMs(),
        v.deadlineMs(),
        v.deliverByMs(),
        v.attempt(),
        v.worker(),
        v.restarts(),
        v.fingerprint(),
        v.starts(),
        v.yields(),
        v.orphan(),
        v.parts(),
        v.placing(),
        v.text(),
        v.end(),
        v.usage(),
        v.got(),
        v.deltas());
  }

  @Test
  void nothing_ends_silently_while_a_message_of_it_is_on_its_way() {
    TurnStore store = running(ready());
    store.placing(FIRST, "g1", 0);
    assertThat(store.replace(FIRST, admission(SECOND))).isEqualTo(Outcome.LATER);
    assertThat(store.retract(FIRST)).isEqualTo(Outcome.LATER);
    store.placed(FIRST, "g1", 0, "message");
    assertThat(store.replace(FIRST, admission(SECOND))).isEqualTo(Outcome.OK);
    assertThat(view(store, SECOND).parts()).containsExactly("message");
    assertThat(store.placing(FIRST, "g1", 1)).as("of a closed turn").isEqualTo(Outcome.ENDED);
  }

  @Test
  void nothing_comes_in_the_place_of_another_while_redis_is_rebuilt_or_too_late() {
    TurnStore store = running(ready());
    Admission late = new Admission(SECOND, Wire.encode(REQUEST), "g1", 60_000, 1, 3, true, 1);
    assertThat(store.replace(FIRST, late)).isEqualTo(Outcome.COLD);
    store.reopenEpoch();
    assertThat(store.replace(FIRST, admission(SECOND))).isEqualTo(Outcome.COLD);
    assertThat(store.retract(FIRST)).isEqualTo(Outcome.COLD);
  }

  @Test
  void a_turn_is_taken_back_once_however_often_it_is_asked_for() {
    TurnStore store = running(ready());
    store.admit(admission(SECOND));
    assertThat(store.retract(SECOND)).isEqualTo(Outcome.OK);
    assertThat(store.newest("chat")).as("the last in the queue").contains(FIRST);
    assertThat(store.retract(SECOND)).as("again").isEqualTo(Outcome.OK);
    assertThat(store.replace(SECOND, admission(new TurnRef("chat", "three"))))
        .isEqualTo(Outcome.LOST);
  }

  @Test
  void what_another_came_in_the_place_of_is_not_remembered_though_others_were_answered_since() {
    TurnStore store = running(ready());
    store.admit(admission(SECOND));
    store.cancel(SECOND);
    store.delivered(SECOND, "g1", EndReason.CANCELLED, true, exchange(SECOND));
    store.cancel(FIRST);
    store.delivered(FIRST, "g1", EndReason.CANCELLED, true, exchange(FIRST));
    assertThat(store.replace(SECOND, admission(new TurnRef("chat", "three"))))
        .isEqualTo(Outcome.OK);
    assertThat(store.history("chat")).containsExactly(exchange(FIRST).json());
  }

  @Test
  void a_redis_that_was_emptied_lets_any_turn_be_the_newest() {
    TurnStore store = running(ready());
    store.cancel(FIRST);
    store.delivered(FIRST, "g1", EndReason.CANCELLED, true, NO_HISTORY);
    TurnView closed = view(store, FIRST);
    wipe();
    store.openEpoch();
    pass(TurnStore.REBUILD_MS);
    store.assertTurn(closed);
    assertThat(store.replace(FIRST, admission(SECOND))).isEqualTo(Outcome.OK);
  }

  private static HistoryEntry exchange(TurnRef ref) {
    return new HistoryEntry("{\"turnId\":\"" + ref.turnId() + "\"}", 10, 1_000_000);
  }

  @Test
  void the_third_crash_is_poison_and_the_attempt_before_it_runs_alone() {
    TurnStore store = running(ready());
    pass(TurnStore.WORKER_LEASE_MS);
    store.claim(claim(FIRST, "B", "w2", false));
    pass(TurnStore.WORKER_LEASE_MS);
    assertThat(store.claim(claim(FIRST, "C", "w3", false)))
        .isInstanceOfSatisfying(ClaimReply.Run.class, run -> assertThat(run.alone()).isTrue());
    pass(TurnStore.WORKER_LEASE_MS);
    assertThat(store.claim(claim(FIRST, "D", "w4", false)))
        .isEqualTo(new ClaimReply.Ended(TurnState.FAILED));
    assertThat(view(store, FIRST).end()).contains(EndReason.POISON);
  }

  @Test
  void after_a_wipe_everything_is_cold_until_an_epoch_opens_and_owners_have_put_back_theirs() {
    TurnStore store = running(ready());
    TurnView memory = view(store, FIRST);
    wipe();
    assertThat(store.append(FIRST, "A", List.of(delta(3, "!")))).isEqualTo(new AppendReply.Cold());
    assertThat(store.admit(admission(SECOND))).isEqualTo(new AdmitReply.Cold());
    store.openEpoch();
    assertThat(store.admit(admission(SECOND))).isEqualTo(new AdmitReply.Wait());
    assertThat(store.append(FIRST, "A", List.of(delta(3, "!"))))
        .isEqualTo(new AppendReply.Missing());
    assertThat(store.restore(memory, TurnStore.WORKER_LEASE_MS)).isEqualTo(Outcome.LOST);
    assertThat(store.restore(memory, 0)).isEqualTo(Outcome.OK);
    assertThat(store.append(FIRST, "A", List.of(delta(3, "!")))).isEqualTo(new AppendReply.Ok());
    assertThat(view(store, FIRST).shownText()).isEqualTo("Hello!");
  }

  @Test
  void a_dead_owners_turns_are_found_and_adopted_once() {
    TurnStore store = running(ready());
    store.finish(FIRST, "A", "Hello", EndReason.STOP, Usage.NONE);
    assertThat(store.sweep(10)).isEmpty();
    pass(TurnStore.GATEWAY_LEASE_MS);
    assertThat(store.sweep(10)).containsExactly(new DueTurn(FIRST, "g1"));
    store.beatGateway("g2", 5);
    store.beatGateway("g3", 1);
    assertThat(store.adopt(FIRST, "g1", "g2", 6))
        .as("its beat 6 is forgotten")
        .isEqualTo(Outcome.LOST);
    assertThat(store.adopt(FIRST, "g1", "g2", 5)).isEqualTo(Outcome.OK);
    assertThat(store.adopt(FIRST, "g1", "g3", 1)).isEqualTo(Outcome.LOST);
    assertThat(store.got(FIRST, "g1")).isEqualTo(Outcome.NOT_OWNER);
  }

  @Test
  void many_appends_and_reads_at_once_are_answered_in_order() {
    TurnStore store = running(ready());
    assertThat(
            store.appendAll(
                List.of(
                    new TurnStore.Append(FIRST, "A", List.of(delta(3, "!"))),
                    new TurnStore.Append(SECOND, "A", List.of(delta(1, "?"))),
                    new TurnStore.Append(FIRST, "A", List.of(delta(4, "!"))))))
        .containsExactly(new AppendReply.Ok(), new AppendReply.Missing(), new AppendReply.Ok());
    assertThat(store.viewAll(List.of(new TurnStore.View(SECOND, 0), new TurnStore.View(FIRST, 3))))
        .satisfiesExactly(
            second -> assertThat(second).isEqualTo(new ViewReply.Missing()),
            first ->
                assertThat(((ViewReply.Found) first).turn().deltas())
                    .containsExactly(delta(4, "!")));
  }
}
