package dev.parley.gateway.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.doubles.telegram.Message;
import dev.parley.doubles.telegram.Method;
import dev.parley.doubles.telegram.Transcript;
import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Prompt;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What people get who do not wait for the end of an answer (row P6).
final class TelegramInterruptionsTest {

  /// Longer than the messages of a burst are apart.
  private static final Duration A_WHILE = Duration.ofSeconds(10);

  @AutoClose private final BotUnderTest bot = BotUnderTest.polling();

  @Test
  void a_question_that_comes_while_another_is_answered_is_answered_after_it()
      throws InterruptedException {
    Message first = bot.asks("First?");
    TurnRef turn = bot.begins("One ");
    bot.answer(first, m -> m.text().equals("One"));
    bot.pass(A_WHILE);
    Message second = bot.asks("Second?");
    bot.answer(second, m -> m.text().equals("…"));
    assertThat(bot.gateways.queue).isEmpty();

    bot.goesOn(turn, "two.");
    bot.ends(turn, "One two.");
    Prompt next = bot.promptWith("Second?");
    assertThat(next.messages()).anyMatch(m -> m.content().equals("One two."));
    bot.answersTo(next, "Three.");

    bot.whole(first, "One two.");
    bot.whole(second, "Three.");
    assertThat(bot.sees(t -> true).fromBot()).hasSize(2);
    assertThat(bot.gateways.queue).isEmpty();
  }

  @Test
  void a_question_that_is_edited_while_it_is_answered_is_answered_anew_in_the_same_reply()
      throws InterruptedException {
    Message question = bot.asks("What is the capital of Frnce?");
    TurnRef old = bot.begins("I do ");
    Message begun = bot.answer(question, m -> m.text().equals("I do"));

    bot.telegram.users().edits(question, "What is the capital of France?");
    Prompt prompt = bot.promptWith("What is the capital of France?");
    TurnRef anew = bot.begins(prompt, "Paris ");
    bot.goesOn(old, "not know.");
    assertThat(bot.tries(old, "I do not know.")).isNotEqualTo(Outcome.OK);
    bot.ends(anew, "Paris it is.");

    Message answer = bot.whole(question, "Paris it is.");
    assertThat(answer.id()).isEqualTo(begun.id());
    assertThat(answer.versions()).noneMatch(v -> v.text().contains("not know"));
    assertThat(bot.sees(t -> true).fromBot()).hasSize(1);
    bot.awaitIdle();
  }

  @Test
  void a_question_that_is_edited_while_it_waits_is_asked_as_it_is_then()
      throws InterruptedException {
    Message first = bot.asks("First?");
    TurnRef turn = bot.begins("One ");
    bot.answer(first, m -> m.text().equals("One"));
    bot.pass(A_WHILE);
    Message second = bot.asks("Secnd?");
    bot.answer(second, m -> m.text().equals("…"));

    bot.telegram.users().edits(second, "Second?");
    bot.telegram.awaitCalls(
        calls -> calls.stream().filter(c -> c.method() == Method.SEND_CHAT_ACTION).count() >= 3,
        BotUnderTest.LIMIT);
    bot.ends(turn, "One.");
    Prompt prompt = bot.promptWith("?");
    assertThat(prompt.messages().getLast().content()).isEqualTo("Second?");
    bot.answersTo(prompt, "Two.");

    bot.whole(first, "One.");
    bot.whole(second, "Two.");
    assertThat(bot.sees(t -> true).fromBot()).hasSize(2);
  }

  @Test
  void what_comes_after_a_stop_is_not_shown_and_the_next_question_is_answered()
      throws InterruptedException {
    Message question = bot.asks("Tell me a long story.");
    TurnRef turn = bot.begins("Once ");
    bot.answer(question, m -> m.text().equals("Once"));
    bot.pass(A_WHILE);
    Message waiting = bot.asks("And now?");
    bot.answer(waiting, m -> m.text().equals("…"));

    bot.asks("/stop");
    // Of all that is open the newest is stopped; then the one that is written.
    bot.answer(waiting, m -> m.text().equals("Stopped."));
    Message answer = bot.sees(t -> true).repliesTo(question).getFirst();
    bot.telegram.users().presses(bot.ann, answer, "⏹ Stop");
    bot.awaitEnd(turn, EndReason.CANCELLED);
    bot.goesOn(turn, "upon ");
    assertThat(bot.tries(turn, "Once upon a time")).isNotEqualTo(Outcome.OK);

    bot.whole(question, "Once\n\nStopped.");
    bot.awaitIdle();
    Message next = bot.asks("Are you free?");
    bot.answers("Yes");
    bot.whole(next, "Yes");
    Transcript end = bot.sees(t -> true);
    assertThat(end.repliesTo(question)).hasSize(1);
    assertThat(end.now(answer).text()).isEqualTo("Once\n\nStopped.");
  }
}
