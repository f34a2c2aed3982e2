package dev.parley.gateway.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.doubles.telegram.Chat;
import dev.parley.doubles.telegram.Fault;
import dev.parley.doubles.telegram.Message;
import dev.parley.doubles.telegram.Method;
import dev.parley.doubles.telegram.Transcript;
import dev.parley.doubles.telegram.User;
import dev.parley.gateway.telegram.BotUnderTest.Person;
import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.EndReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.telegram.telegrambots.meta.api.methods.updates.GetUpdates;

/// What users see when Telegram's servers do not do as asked (rows P1 to P4).
final class TelegramFaultsTest {

  /// After any of these nobody knows whether the call was carried out.
  private static final List<Fault> LOST =
      List.of(
          Fault.serverError(500),
          Fault.serverError(502),
          Fault.resetBeforeCommit(),
          Fault.resetAfterCommit(),
          Fault.silenceBeforeCommit(),
          Fault.silenceAfterCommit(),
          Fault.slow(BotUnderTest.LIMITS.call().plusSeconds(1)));

  /// One person's question, and what goes wrong with the answer.
  private record Asked(Fault fault, Message question, TurnRef turn) {
    Chat chat() {
      return question.chat();
    }

    User user() {
      return question.from();
    }
  }

  @AutoClose private final BotUnderTest bot = BotUnderTest.polling();

  // ---- lost answers (P1, P3)

  @Test
  void messages_that_cannot_be_deleted_now_are_deleted_later() throws InterruptedException {
    Message question = bot.asks("Hello?");
    bot.answers("Hi");
    Message answer = bot.whole(question, "Hi");
    bot.telegram.faults().next(Method.DELETE_MESSAGES, Fault.tooManyRequests(1));

    bot.asks("/undo");

    bot.sees(t -> t.now(question).deleted() && t.now(answer).deleted());
  }

  @Test
  void a_first_message_of_unknown_fate_is_followed_by_one_more_at_the_end()
      throws InterruptedException {
    List<Asked> all = askOneFor(LOST, Method.SEND_MESSAGE);
    bot.awaitFaults(LOST.size());
    for (Asked asked : all) {
      bot.ends(asked.turn(), "One two.");
    }

    for (Asked asked : all) {
      bot.whole(asked.question(), "One two.");
      Transcript shown = bot.telegram.transcript(asked.chat());
      assertThat(shown.fromBot()).hasSize(isCarriedOut(asked.fault()) ? 2 : 1);
      assertThat(shown.fromBot().getLast().text()).isEqualTo("One two.");
    }
    assertThat(bot.telegram.count(Method.SEND_MESSAGE)).isEqualTo(2L * LOST.size());
    assertThat(bot.exceptions("ambiguous_send")).isEqualTo(LOST.size());
  }

  @Test
  void an_edit_of_unknown_fate_is_made_again() throws InterruptedException {
    List<Asked> all = askOneFor(LOST);
    for (Asked asked : all) {
      bot.answer(asked.question(), m -> m.text().equals("One"));
      bot.telegram.faults().next(Method.EDIT_MESSAGE_TEXT, asked.chat(), asked.fault());
      bot.goesOn(asked.turn(), "two ");
    }
    for (Asked asked : all) {
      bot.answer(asked.question(), m -> m.text().equals("One two"));
    }
    bot.awaitFaults(LOST.size());
    for (Asked asked : all) {
      bot.telegram.faults().next(Method.EDIT_MESSAGE_TEXT, asked.chat(), asked.fault());
      bot.ends(asked.turn(), "One two three.");
    }

    for (Asked asked : all) {
      bot.whole(asked.question(), "One two three.");
      assertThat(bot.telegram.transcript(asked.chat()).fromBot()).hasSize(1);
    }
    bot.awaitFaults(2 * LOST.size());
    bot.awaitIdle();
    assertThat(bot.telegram.calls(Method.EDIT_MESSAGE_TEXT))
        .as("what had been carried out is taken for shown")
        .anyMatch(c -> c.description().contains("message is not modified"));
    assertThat(bot.exceptions("ambiguous_send")).isZero();
  }

  @Test
  void the_end_is_repeated_until_it_is_taken() throws InterruptedException {
    Message question = bot.asks("Hello?");
    TurnRef turn = bot.begins("One ");
    bot.answer(question, m -> m.text().equals("One"));
    bot.telegram.faults().always(Method.EDIT_MESSAGE_TEXT, Fault.serverError(500));
    bot.ends(turn, "One two.");

    bot.awaitFaults(4);
    bot.telegram.faults().clear();

    bot.whole(question, "One two.");
    assertThat(bot.sees(t -> true).fromBot()).hasSize(1);
  }

  @Test
  void an_end_that_is_never_taken_is_given_up_when_its_time_is_over() throws InterruptedException {
    Message question = bot.asks("Hello?");
    TurnRef turn = bot.begins("One ");
    bot.answer(question, m -> m.text().equals("One"));
    bot.telegram.faults().always(Method.EDIT_MESSAGE_TEXT, Fault.serverError(500));
    bot.ends(turn, "One two.");
    bot.awaitFaults(2);

    bot.gateways.pass(Duration.ofHours(1).toMillis());

    bot.awaitIdle();
    assertThat(bot.exceptions("undeliverable")).isEqualTo(1);
  }

  @Test
  void polls_that_break_are_followed_by_others() throws InterruptedException {
    bot.awaitPolling();
    bot.telegram
        .faults()
        .next(
            Method.GET_UPDATES,
            Fault.resetAfterCommit(),
            new Fault.Broken(200, "<html>a hotel's page</html>"),
            Fault.serverError(502));
    // The poll that waits already brings the first.
    Message first = bot.asks("Hello?");
    bot.answers("Hi");
    bot.whole(first, "Hi");
    Message second = bot.asks("Are you there?");
    bot.answers("Yes");

    bot.whole(second, "Yes");
    bot.awaitFaults(3);
  }

  // ---- limits (P2)

  @Test
  void words_that_come_while_a_chat_has_to_wait_go_into_one_edit() throws InterruptedException {
    bot.telegram.faults().next(Method.SEND_MESSAGE, Fault.tooManyRequests(1));
    Message question = bot.asks("Hello?");
    TurnRef turn = bot.begins("0 ");
    bot.answer(question, m -> m.text().equals("0"));
    bot.telegram.faults().next(Method.EDIT_MESSAGE_TEXT, Fault.tooManyRequests(1));
    StringBuilder text = new StringBuilder("0 ");
    for (int i = 1; i <= 20; i++) {
      bot.goesOn(turn, i + " ");
      text.append(i).append(' ');
    }

    Message answer = bot.answer(question, m -> m.text().endsWith(" 20"));

    assertThat(answer.versions()).hasSizeLessThanOrEqualTo(5);
    bot.telegram.faults().next(Method.EDIT_MESSAGE_TEXT, Fault.tooManyRequests(1));
    bot.ends(turn, text + "21.");
    bot.whole(question, text + "21.");
    assertThat(bot.count("parley.telegram.flood")).isEqualTo(3);
    assertThat(bot.exceptions("ambiguous_send")).isZero();
  }

  @Test
  void a_chat_that_has_to_wait_does_not_stop_another() throws InterruptedException {
    Person bob = bot.person("Bob");
    bot.telegram.faults().next(Method.SEND_MESSAGE, bot.chat, Fault.tooManyRequests(20));
    bot.asks("Hello?");
    bot.answers("Hi");
    bot.telegram.awaitCalls(
        calls -> calls.stream().anyMatch(c -> c.code() == 429), BotUnderTest.LIMIT);

    Message hello = bot.asks(bob, "Hello from me?");
    bot.answersTo(bot.promptWith("Hello from me?"), "Hi, Bob");

    bot.whole(hello, "Hi, Bob");
    assertThat(bot.telegram.transcript(bot.chat).fromBot()).isEmpty();
  }

  // ---- gone for good (P4)

  /// Whatever of these Telegram says, no later call would do better.
  private static final List<Fault> GONE =
      List.of(
          Fault.forbidden("Forbidden: bot was blocked by the user"),
          Fault.forbidden("Forbidden: user is deactivated"),
          Fault.forbidden("Forbidden: bot was kicked from the supergroup chat"),
          Fault.forbidden("Forbidden: bot is not a member of the supergroup chat"),
          Fault.badRequest("Bad Request: chat not found"),
          Fault.badRequest("Bad Request: message to be replied not found"),
          Fault.badRequest("Bad Request: message thread not found"),
          Fault.badRequest("Bad Request: TOPIC_CLOSED"),
          Fault.badRequest("Bad Request: TOPIC_DELETED"),
          Fault.badRequest("Bad Request: not enough rights to send text messages to the chat"));

  @Test
  void a_first_message_that_nobody_can_see_stops_the_answer_and_is_not_made_again()
      throws InterruptedException {
    List<Asked> all = askOneFor(GONE, Method.SEND_MESSAGE);

    for (Asked asked : all) {
      assertStopped(asked.turn());
    }
    bot.awaitIdle();
    assertThat(bot.telegram.count(Method.SEND_MESSAGE)).isEqualTo(GONE.size());
    Message next = bot.telegram.users().says(all.getFirst().user(), all.getFirst().chat(), "Now?");
    bot.answers("Yes");
    bot.whole(next, "Yes");
  }

  @Test
  void an_edit_that_nobody_can_see_stops_the_answer_and_is_not_made_again()
      throws InterruptedException {
    List<Asked> all = askOneFor(GONE);
    for (Asked asked : all) {
      bot.answer(asked.question(), m -> m.text().equals("One"));
      bot.telegram.faults().next(Method.EDIT_MESSAGE_TEXT, asked.chat(), asked.fault());
      bot.goesOn(asked.turn(), "two ");
    }

    for (Asked asked : all) {
      assertStopped(asked.turn());
    }
    bot.awaitIdle();
    for (Asked asked : all) {
      assertThat(bot.telegram.calls())
          .filteredOn(c -> c.chatId() == asked.chat().id())
          .last()
          .matches(c -> c.fault().isPresent());
      assertThat(bot.telegram.transcript(asked.chat()).fromBot()).hasSize(1);
    }
    Message next = bot.telegram.users().says(all.getFirst().user(), all.getFirst().chat(), "Now?");
    bot.answers("Yes");
    bot.whole(next, "Yes");
  }

  @Test
  void a_person_who_leaves_telegram_ends_the_turn() throws InterruptedException {
    Message question = bot.asks("Tell me a story.");
    TurnRef turn = bot.begins("Once ");
    bot.answer(question, m -> m.text().equals("Once"));

    bot.telegram.users().deletesAccount(bot.ann);
    bot.goesOn(turn, "upon ");

    assertStopped(turn);
    bot.awaitIdle();
  }

  @Test
  void a_bot_that_was_removed_from_a_group_stops_to_write_there() throws InterruptedException {
    Chat group = bot.telegram.users().group("Team", bot.ann);
    Message question = bot.telegram.users().says(bot.ann, group, "@parley_bot tell me a story");
    TurnRef turn = bot.begins("Once ");
    bot.answer(question, m -> m.text().equals("Once"));

    bot.telegram.users().kicksBot(bot.ann, group);

    assertStopped(turn);
    bot.awaitIdle();
  }

  @Test
  void an_answer_in_a_group_that_becomes_a_supergroup_begins_anew_there()
      throws InterruptedException {
    Chat group = bot.telegram.users().group("Team", bot.ann);
    Message question = bot.telegram.users().says(bot.ann, group, "@parley_bot tell me a story");
    TurnRef turn = bot.begins("Once ");
    bot.answer(question, m -> m.text().equals("Once"));

    Chat supergroup = bot.telegram.users().migrates(bot.ann, group);
    bot.ends(turn, "Once upon a time.");

    Transcript there =
        bot.telegram.await(
            supergroup,
            t -> t.fromBot().stream().anyMatch(m -> m.button(BotUnderTest.AGAIN).isPresent()),
            BotUnderTest.LIMIT);
    assertThat(there.fromBot()).extracting(Message::text).containsExactly("Once upon a time.");
  }

  @Test
  void the_answer_to_a_question_that_was_deleted_stands_for_itself() throws InterruptedException {
    bot.telegram.faults().next(Method.SEND_MESSAGE, Fault.tooManyRequests(1));
    Message question = bot.asks("Hello?");
    bot.awaitFaults(1);
    bot.telegram.users().deletes(question);
    bot.answers("Hi");

    Transcript shown = bot.sees(t -> t.fromBot().stream().anyMatch(m -> m.text().equals("Hi")));
    assertThat(shown.fromBot()).hasSize(1);
    assertThat(shown.fromBot().getFirst().replyTo()).isEmpty();
  }

  @Test
  void markup_that_telegram_refuses_is_shown_without_it() throws InterruptedException {
    bot.telegram
        .faults()
        .next(Method.SEND_MESSAGE, Fault.badRequest("Bad Request: ENTITY_BOUNDS_INVALID"));
    Message question = bot.asks("Hello?");
    bot.answers("**Hi**");

    Message answer = bot.answer(question, m -> m.text().equals("Hi"));
    assertThat(answer.entities()).isEmpty();
  }

  @Test
  void another_program_that_polls_is_told_and_survived() throws InterruptedException {
    try (TelegramApi rival = bot.rival()) {
      GetUpdates poll = GetUpdates.builder().timeout(1).build();
      for (int i = 0; i < 30 && bot.count("parley.telegram.conflicts") == 0; i++) {
        rival.poll(poll);
      }
    }
    assertThat(bot.count("parley.telegram.conflicts")).isPositive();

    Message question = bot.asks("Hello?");
    bot.answers("Hi");
    bot.answer(question, m -> m.text().equals("Hi"));
  }

  // ----

  /// For each fault somebody asks, and the answer begins; the next calls of the methods go wrong.
  private List<Asked> askOneFor(List<Fault> faults, Method... methods) throws InterruptedException {
    List<Asked> all = new ArrayList<>();
    for (Fault fault : faults) {
      Person person = bot.person("Person " + all.size());
      for (Method method : methods) {
        bot.telegram.faults().next(method, person.chat(), fault);
      }
      String text = "Hello from number " + all.size();
      Message question = bot.asks(person, text);
      all.add(new Asked(fault, question, bot.begins(bot.promptWith(text), "One ")));
    }
    return all;
  }

  private static boolean isCarriedOut(Fault fault) {
    return switch (fault) {
      case Fault.TooManyRequests many -> false;
      case Fault.Broken broken -> false;
      case Fault.Reset reset -> reset.committed();
      case Fault.Silence silence -> silence.committed();
      case Fault.Slow slow -> true;
    };
  }

  /// The worker that writes on is told so.
  private void assertStopped(TurnRef turn) {
    bot.awaitEnd(turn, EndReason.CANCELLED);
    assertThat(bot.tries(turn, "too late")).isNotEqualTo(Outcome.OK);
  }
}
