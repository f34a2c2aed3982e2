package dev.parley.gateway.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.doubles.telegram.Fault;
import dev.parley.doubles.telegram.Message;
import dev.parley.doubles.telegram.Method;
import dev.parley.doubles.telegram.Transcript;
import dev.parley.shared.turn.TurnRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Updates that come twice, to two gateways, or again because nobody took them (rows G2, G3 and G5): each is
/// answered once.
final class TelegramUpdatesTest {
  @AutoClose private BotUnderTest bot = BotUnderTest.polling();

  @Test
  void an_update_that_comes_twice_is_answered_once() throws InterruptedException {
    bot.telegram.repeatUpdates(1, 7);
    for (int i = 0; i < 3; i++) {
      Message question = bot.asks("Hello " + i + "?");
      bot.answers("Hi " + i);
      bot.whole(question, "Hi " + i);
    }

    assertThat(bot.sees(t -> true).fromBot()).hasSize(3);
    assertThat(bot.gateways.queue).isEmpty();
  }

  @Test
  void an_undo_that_comes_twice_takes_one_exchange_back() throws InterruptedException {
    Message first = bot.asks("One?");
    bot.answers("1");
    bot.whole(first, "1");
    Message second = bot.asks("Two?");
    bot.answers("2");
    bot.whole(second, "2");

    bot.telegram.repeatUpdates(1, 7);
    bot.asks("/undo");
    bot.sees(t -> t.now(second).deleted());
    // The poll that brings it again brings this one too.
    Message third = bot.asks("Three?");
    bot.answers("3");
    bot.whole(third, "3");

    assertThat(bot.sees(t -> true).now(first).deleted()).isFalse();
  }

  @Test
  void a_command_that_comes_twice_is_done_once() throws InterruptedException {
    bot.telegram.repeatUpdates(1, 7);
    Message help = bot.asks("/help");
    bot.answer(help, m -> m.text().contains("/regenerate"));
    // The poll that brings it again brings this one too.
    Message question = bot.asks("Hello?");
    bot.answers("Hi");
    bot.whole(question, "Hi");

    assertThat(bot.sees(t -> true).repliesTo(help)).hasSize(1);
  }

  @Test
  void an_update_that_reaches_two_gateways_at_once_is_answered_once() throws InterruptedException {
    use(BotUnderTest.webhooks(2));
    for (int i = 0; i < 2; i++) {
      Message question = bot.asks("Hello " + i + "?");
      bot.answers("Hi " + i);
      bot.whole(question, "Hi " + i);
    }

    assertThat(bot.sees(t -> true).fromBot()).hasSize(2);
    assertThat(bot.gateways.queue).isEmpty();
  }

  @Test
  void a_burst_that_reaches_two_gateways_at_once_is_answered_once() throws InterruptedException {
    use(BotUnderTest.webhooks(2));
    Message first = bot.asks("Hello!");
    bot.asks("Which is larger,");
    bot.asks("2 or 3?");

    bot.answersTo(bot.promptWith("2 or 3?"), "3");

    bot.whole(first, "3");
    bot.awaitIdle();
    assertThat(bot.sees(t -> true).fromBot()).hasSize(1);
    assertThat(bot.gateways.queue).isEmpty();
  }

  @Test
  void a_post_that_was_not_taken_because_the_store_was_away_comes_again()
      throws InterruptedException {
    use(BotUnderTest.webhook());
    bot.gateway().storeAway(true);
    Message question = bot.asks("Hello?");
    bot.awaitPostRefused();
    assertThat(bot.gateways.queue).isEmpty();

    bot.gateway().storeAway(false);

    bot.answers("Hi");
    bot.whole(question, "Hi");
    assertThat(bot.sees(t -> true).fromBot()).hasSize(1);
    assertThat(bot.telegram.pendingUpdates()).isZero();
  }

  @Test
  void what_a_poll_brought_while_the_store_was_away_comes_again_in_order()
      throws InterruptedException {
    bot.gateway().storeAway(true);
    List<Message> questions = new ArrayList<>();
    for (String text : List.of("First?", "Second?")) {
      questions.add(bot.asks(text));
      bot.pass(Duration.ofSeconds(10));
    }
    long polls = bot.telegram.count(Method.GET_UPDATES);
    bot.telegram.awaitCalls(
        calls -> bot.telegram.count(Method.GET_UPDATES) >= polls + 1, BotUnderTest.LIMIT);
    assertThat(bot.telegram.pendingUpdates()).isEqualTo(2);

    bot.gateway().storeAway(false);

    bot.answersTo(bot.promptWith("First?"), "1");
    bot.answersTo(bot.promptWith("Second?"), "2");
    bot.whole(questions.getFirst(), "1");
    bot.whole(questions.getLast(), "2");
    assertThat(bot.sees(t -> true).fromBot()).hasSize(2);
  }

  @Test
  void an_update_that_was_taken_and_not_confirmed_when_the_gateway_died_is_answered_once()
      throws InterruptedException {
    bot.awaitPolling();
    bot.telegram.faults().always(Method.GET_UPDATES, Fault.resetBeforeCommit());
    Message question = bot.asks("Hello?");
    TurnRef turn = bot.begins("One ");
    bot.answer(question, m -> m.text().equals("One"));
    bot.awaitPlaced(turn);
    assertThat(bot.telegram.pendingUpdates()).isEqualTo(1);

    bot.kill();
    bot.gateways.forgetLiveness("gw-1");
    bot.telegram.faults().clear();
    bot.start("gw-2");
    bot.ends(turn, "One two.");

    bot.whole(question, "One two.");
    Message next = bot.asks("And then?");
    bot.answers("Three.");
    bot.whole(next, "Three.");
    Transcript end = bot.sees(t -> true);
    assertThat(end.fromBot()).hasSize(2);
    await("all is confirmed")
        .atMost(BotUnderTest.LIMIT)
        .until(() -> bot.telegram.pendingUpdates() == 0);
    assertThat(bot.gateways.queue).isEmpty();
  }

  private void use(BotUnderTest other) {
    bot.close();
    bot = other;
  }
}
