package dev.parley.gateway.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.doubles.telegram.Fault;
import dev.parley.doubles.telegram.Message;
import dev.parley.doubles.telegram.Method;
import dev.parley.doubles.telegram.Transcript;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.EndReason;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.telegram.telegrambots.meta.api.methods.updates.GetUpdates;

/// What users see when Telegram's servers do not do as asked (rows P1 to P5).
final class TelegramFaultsTest {
  private static final String AGAIN = "🔄 Regenerate";
  private final BotUnderTest bot = BotUnderTest.polling();

  @AfterEach
  void stop() {
    assertThat(bot.telegram.violations()).isEmpty();
    bot.close();
  }

  @Test
  void the_final_text_lands_whatever_429s_it_meets() throws InterruptedException {
    Message question = bot.asks("Hello?");
    TurnRef turn = bot.begins("One ");
    bot.answer(question, m -> m.text().equals("One"));

    bot.telegram
        .faults()
        .next(
            Method.EDIT_MESSAGE_TEXT,
            Fault.tooManyRequests(1),
            Fault.tooManyRequests(2),
            Fault.tooManyRequests(1));
    bot.goesOn(turn, "two.");
    bot.ends(turn, "One two.");

    bot.answer(question, m -> m.text().equals("One two.") && m.button(AGAIN).isPresent());
  }

  @Test
  void a_chat_that_has_to_wait_does_not_stop_another() throws InterruptedException {
    var bob = bot.telegram.users().person("Bob", "bob", "en");
    var his = bot.telegram.users().privateChat(bob);
    bot.telegram.faults().next(Method.SEND_MESSAGE, bot.chat, Fault.tooManyRequests(20));
    bot.asks("Hello?");
    bot.answers("Hi");
    bot.telegram.awaitCalls(
        calls -> calls.stream().anyMatch(c -> c.code() == 429), BotUnderTest.LIMIT);

    Message hello = bot.telegram.users().says(bob, his, "Hello from me?");
    bot.answersTo(bot.promptWith("Hello from me?"), "Hi, Bob");

    bot.telegram.await(
        his,
        t -> t.repliesTo(hello).stream().anyMatch(m -> m.text().equals("Hi, Bob")),
        BotUnderTest.LIMIT);
  }

  @Test
  void an_edit_that_failed_is_made_again() throws InterruptedException {
    for (Fault fault :
        List.of(
            Fault.serverError(500),
            Fault.serverError(502),
            Fault.resetBeforeCommit(),
            Fault.resetAfterCommit())) {
      Message question = bot.asks("Hello, " + fault + "?");
      TurnRef turn = bot.begins("One ");
      bot.answer(question, m -> m.text().equals("One"));

      bot.telegram.faults().next(Method.EDIT_MESSAGE_TEXT, fault);
      bot.ends(turn, "One two.");

      bot.answer(question, m -> m.text().equals("One two.") && m.button(AGAIN).isPresent());
    }
    assertThat(bot.sees(t -> true).fromBot()).hasSize(4);
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
  void a_bot_that_was_removed_from_a_group_stops_to_write_there() throws InterruptedException {
    var group = bot.telegram.users().group("Team", bot.ann);
    bot.telegram.users().says(bot.ann, group, "@parley_bot tell me a story");
    TurnRef turn = bot.begins("Once ");
    bot.telegram.await(
        group,
        t -> t.fromBot().stream().anyMatch(m -> m.text().equals("Once")),
        BotUnderTest.LIMIT);

    bot.telegram.users().kicksBot(bot.ann, group);

    bot.awaitEnd(turn, EndReason.CANCELLED);
  }

  @Test
  void an_empty_answer_is_told_in_a_sentence() throws InterruptedException {
    Message question = bot.asks("Hello?");
    bot.ends(bot.begins(), "");

    bot.answer(question, m -> m.text().contains("nothing to say"));
  }

  @Test
  void hard_texts_arrive_as_they_are() throws InterruptedException {
    for (String text :
        List.of(
            "👩‍👩‍👧‍👦 and 🏳️‍🌈",
            "שלום עולם, مرحبا بالعالم",
            "Привет, мир! Ёлки-палки.",
            "a_b*c[d]+(e)~f`g>h#i+j-k=l|m{n}o.p!q",
            "x < y && y > z; <b>not bold</b>",
            "x".repeat(4_096))) {
      Message question = bot.asks("Say something hard.");
      bot.answers(text);

      Message answer = bot.answer(question, m -> m.button(AGAIN).isPresent());
      assertThat(answer.text().replace("`", "")).isEqualTo(text.replace("`", ""));
      Message apart = bot.asks("/stop");
      bot.sees(t -> !t.repliesTo(apart).isEmpty());
    }
  }

  @Test
  void twenty_thousand_characters_arrive_whole_and_in_order() throws InterruptedException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; text.length() < 20_000; i++) {
      text.append("Paragraph ").append(i).append(" says a thing or two about itself.\n\n");
      if (i % 20 == 0) {
        text.append("```java\nint x").append(i).append(" = ").append(i).append(";\n```\n\n");
      }
    }
    Message question = bot.asks("Write a lot.");
    bot.answers(text.toString());

    Transcript shown =
        bot.sees(t -> t.fromBot().size() >= 5 && t.fromBot().getLast().button(AGAIN).isPresent());
    String all = String.join("\n", shown.fromBot().stream().map(Message::text).toList());
    assertThat(all.replaceAll("\\s+", " "))
        .isEqualTo(text.toString().replaceAll("```(java)?", "").replaceAll("\\s+", " ").strip());
    assertThat(shown.fromBot()).allMatch(m -> m.text().length() <= 4_096);
    assertThat(shown.fromBot().getFirst().replyTo()).hasValue(question.id());
  }

  @Test
  void links_and_mentions_of_the_model_are_dead() throws InterruptedException {
    Message question = bot.asks("Where?");
    bot.answers("See [here](https://evil.example/x?q=1), www.evil.example or ask @ann.");

    Message answer = bot.answer(question, m -> m.button(AGAIN).isPresent());
    assertThat(answer.entities())
        .extracting(e -> e.type().toString())
        .doesNotContain("URL", "MENTION", "TEXT_LINK");
    assertThat(answer.latest().linkPreview()).isFalse();
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
}
