package dev.parley.gateway.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.doubles.telegram.Chat;
import dev.parley.doubles.telegram.Entity;
import dev.parley.doubles.telegram.Fault;
import dev.parley.doubles.telegram.Message;
import dev.parley.doubles.telegram.Method;
import dev.parley.doubles.telegram.Transcript;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.EndReason;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Answers that grow as drafts in private chats.
final class TelegramDraftsTest {
  private static final String AGAIN = "🔄 Regenerate";

  @AutoClose private final BotUnderTest bot = BotUnderTest.drafting();

  @Test
  void an_answer_grows_as_a_draft_and_ends_as_one_message() throws InterruptedException {
    Message question = bot.asks("What is the capital of France?");
    TurnRef turn = bot.begins();
    bot.draft("");
    bot.goesOn(turn, "The **capital** ");
    bot.goesOn(turn, "is ");
    Transcript growing = bot.draft("The capital is");
    assertThat(growing.fromBot()).isEmpty();
    assertThat(growing.openDraft().orElseThrow().latest().parts(Entity.Type.BOLD))
        .containsExactly("capital");

    bot.goesOn(turn, "Paris.");
    bot.ends(turn, "The **capital** is Paris.");

    Message answer = bot.answer(question, m -> m.text().equals("The capital is Paris."));
    assertThat(answer.button(AGAIN)).isPresent();
    Transcript end = bot.sees(t -> true);
    assertThat(end.fromBot()).hasSize(1);
    assertThat(end.now(answer).edited()).isFalse();
    assertThat(end.openDraft()).isEmpty();
    assertThat(end.drafts()).hasSize(1);
  }

  @Test
  void what_is_full_of_a_long_answer_is_a_message_already() throws InterruptedException {
    String begin = ("word ".repeat(19) + "end.\n\n").repeat(50);
    Message question = bot.asks("Write a lot.");
    TurnRef turn = bot.begins(begin);
    Transcript growing = bot.sees(t -> t.fromBot().size() == 1 && t.openDraft().isPresent());
    assertThat(growing.fromBot().getFirst().text() + "\n\n" + growing.openDraft().get().text())
        .isEqualTo(begin.strip());

    bot.goesOn(turn, "That is all.");
    bot.ends(turn, begin + "That is all.");

    Transcript end =
        bot.sees(t -> t.fromBot().size() == 2 && t.fromBot().getLast().button(AGAIN).isPresent());
    assertThat(end.fromBot().getFirst().text() + "\n\n" + end.fromBot().getLast().text())
        .isEqualTo(begin + "That is all.");
    assertThat(end.fromBot().getFirst().replyTo()).hasValue(question.id());
    assertThat(end.openDraft()).isEmpty();
  }

  @Test
  void telegrams_own_stop_stops_the_model() throws InterruptedException {
    Message question = bot.asks("Tell me a long story.");
    TurnRef turn = bot.begins("Once upon ", "a time");
    bot.draft("Once upon a time");

    bot.telegram.users().stopsDraft(bot.chat);

    bot.awaitEnd(turn, EndReason.CANCELLED);
    bot.answer(question, m -> m.text().equals("Once upon a time\n\nStopped."));
    assertThat(bot.sees(t -> true).fromBot()).hasSize(1);
  }

  @Test
  void a_stop_means_the_answer_that_is_seen_though_another_question_waits()
      throws InterruptedException {
    bot.asks("Tell me a long story.");
    TurnRef turn = bot.begins("Once upon ", "a time");
    bot.draft("Once upon a time");
    Message second = bot.asks("/as thank you");
    bot.awaitNewest(second);

    bot.telegram.users().stopsDraft(bot.chat);

    bot.awaitEnd(turn, EndReason.CANCELLED);
    bot.answers("Thanks!");
    bot.answer(second, m -> m.text().equals("Thanks!"));
  }

  @Test
  void a_server_that_knows_no_drafts_is_asked_once() throws InterruptedException {
    bot.telegram.knowsDrafts(false);
    for (String text : new String[] {"One", "Two"}) {
      Message question = bot.asks("Hello?");
      TurnRef turn = bot.begins(text);
      Message growing = bot.answer(question, m -> m.text().equals(text));
      bot.ends(turn, text + ".");
      Message answer = bot.answer(question, m -> m.text().equals(text + "."));
      assertThat(answer.id()).isEqualTo(growing.id());
    }
    assertThat(bot.telegram.count(Method.SEND_MESSAGE_DRAFT)).isOne();
  }

  @Test
  void a_chat_that_takes_no_draft_leaves_the_others_theirs() throws InterruptedException {
    bot.telegram
        .faults()
        .next(Method.SEND_MESSAGE_DRAFT, Fault.badRequest("Bad Request: message thread not found"));
    Message first = bot.asks("Hello?");
    TurnRef turn = bot.begins("One");
    bot.answer(first, m -> m.text().equals("One"));
    bot.ends(turn, "One");
    bot.answer(first, m -> m.button(AGAIN).isPresent());

    bot.asks("And now?");
    bot.begins("Two");
    bot.draft("Two");
  }

  @Test
  void a_draft_that_is_put_off_comes_later() throws InterruptedException {
    bot.telegram.faults().next(Method.SEND_MESSAGE_DRAFT, Fault.tooManyRequests(1));
    Message question = bot.asks("Hello?");
    TurnRef turn = bot.begins("One ");
    bot.draft("One");
    bot.ends(turn, "One two.");

    bot.answer(question, m -> m.text().equals("One two."));
    assertThat(bot.sees(t -> true).fromBot()).hasSize(1);
  }

  @Test
  void a_draft_of_unknown_outcome_doubles_nothing() throws InterruptedException {
    bot.telegram
        .faults()
        .next(
            Method.SEND_MESSAGE_DRAFT,
            Fault.resetAfterCommit(),
            Fault.serverError(502),
            Fault.badRequest("Bad Request: ENTITY_BOUNDS_INVALID"));
    Message question = bot.asks("Hello?");
    TurnRef turn = bot.begins("**One** ");
    bot.draft("One");
    bot.ends(turn, "**One** two.");

    bot.answer(question, m -> m.text().equals("One two."));
    assertThat(bot.sees(t -> true).fromBot()).hasSize(1);
  }

  @Test
  void in_groups_answers_grow_as_messages() throws InterruptedException {
    Chat group = bot.telegram.users().group("Team", bot.ann);
    Message question = bot.telegram.users().says(bot.ann, group, "@parley_bot tell me a story");
    bot.begins("Once ");

    bot.telegram.await(
        group,
        t -> t.repliesTo(question).stream().anyMatch(m -> m.text().equals("Once")),
        BotUnderTest.LIMIT);
    assertThat(bot.telegram.count(Method.SEND_MESSAGE_DRAFT)).isZero();
  }

  @Test
  void another_answer_grows_in_the_message_of_the_first() throws InterruptedException {
    Message question = bot.asks("Name a colour.");
    bot.answers("Red");
    Message answer = bot.answer(question, m -> m.button(AGAIN).isPresent());

    bot.telegram.users().presses(bot.ann, answer, AGAIN);
    TurnRef turn = bot.begins("Light ");
    bot.answer(question, m -> m.text().equals("Light"));
    bot.ends(turn, "Light blue");

    Message again = bot.answer(question, m -> m.text().equals("Light blue"));
    assertThat(again.id()).isEqualTo(answer.id());
    assertThat(bot.sees(t -> true).fromBot()).hasSize(1);
  }

  @Test
  void a_gateway_that_died_is_followed_by_one_that_goes_on_with_its_draft()
      throws InterruptedException {
    Message question = bot.asks("Hello?");
    TurnRef turn = bot.begins("One ");
    bot.draft("One");

    bot.kill();
    bot.gateways.forgetLiveness("gw-1");
    bot.start("gw-2");
    bot.goesOn(turn, "two ");
    bot.draft("One two");
    bot.ends(turn, "One two three.");

    bot.answer(question, m -> m.text().equals("One two three."));
    Transcript end = bot.sees(t -> true);
    assertThat(end.fromBot()).hasSize(1);
    assertThat(end.drafts()).hasSize(1);
  }

  @Test
  void a_stop_comes_by_webhook_too() throws InterruptedException {
    try (BotUnderTest other = BotUnderTest.draftingByWebhook()) {
      other.telegram.awaitCalls(
          calls -> calls.stream().anyMatch(c -> c.method() == Method.SET_WEBHOOK && c.ok()),
          BotUnderTest.LIMIT);
      other.asks("Tell me a long story.");
      TurnRef turn = other.begins("Once ");
      other.draft("Once");

      other.telegram.users().stopsDraft(other.chat);

      other.awaitEnd(turn, EndReason.CANCELLED);
    }
  }
}
