package dev.parley.gateway.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.doubles.telegram.Attachment;
import dev.parley.doubles.telegram.Fault;
import dev.parley.doubles.telegram.Message;
import dev.parley.doubles.telegram.Method;
import dev.parley.doubles.telegram.Transcript;
import dev.parley.shared.turn.TurnRef;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Long answers that come as a document too.
final class TelegramDocumentsTest {
  private static final String AGAIN = "🔄 Regenerate";
  private static final int OVER = 5_000;
  private static final int CHARS = 20_000;
  private static final String MEDIUM = "word ".repeat(1_200).strip();

  @AutoClose private final BotUnderTest bot = BotUnderTest.withDocumentsOver(OVER);

  private static boolean isDocument(Message message) {
    return message.attachment().isPresent();
  }

  private static List<Message> texts(Transcript chat) {
    return chat.fromBot().stream().filter(m -> !isDocument(m)).toList();
  }

  private static List<Message> documents(Transcript chat) {
    return chat.fromBot().stream().filter(m -> isDocument(m)).toList();
  }

  private String content(Message document) {
    return new String(
        bot.telegram.bytes(document.attachment().orElseThrow()), StandardCharsets.UTF_8);
  }

  private Transcript withDocument(TurnRef turn) throws InterruptedException {
    bot.awaitClosed(turn);
    return bot.sees(t -> !documents(t).isEmpty());
  }

  @Test
  void a_long_answer_comes_as_pages_and_then_as_its_own_markdown() throws InterruptedException {
    StringBuilder text = new StringBuilder("# Ёлка 🎄\n\n");
    for (int i = 0; text.length() < CHARS; i++) {
      text.append("Paragraph ").append(i).append(" says *a thing* or two about itself.\n\n");
      if (i % 20 == 0) {
        text.append("````markdown\n```java\nint x = ").append(i).append(";\n```\n````\n\n");
      }
    }
    Message question = bot.asks("Write a lot.");

    Transcript shown = withDocument(bot.answers(text.toString()));

    assertThat(documents(shown)).hasSize(1);
    Message document = shown.fromBot().getLast();
    assertThat(document.attachment()).map(Attachment::name).contains("answer.md");
    assertThat(content(document)).isEqualTo(text.toString());
    assertThat(document.latest().buttons()).isEmpty();
    assertThat(document.text()).isEmpty();
    assertThat(texts(shown)).hasSizeGreaterThanOrEqualTo(5);
    assertThat(texts(shown).getFirst().replyTo()).hasValue(question.id());
    assertThat(texts(shown).getLast().button(AGAIN)).isPresent();
  }

  @Test
  void an_answer_that_is_not_longer_has_none() throws InterruptedException {
    bot.asks("Write something.");

    bot.awaitClosed(bot.answers("x".repeat(OVER)));

    Transcript shown = bot.sees(t -> true);
    assertThat(documents(shown)).isEmpty();
    assertThat(texts(shown)).hasSize(2);
  }

  @Test
  void a_short_answer_in_the_place_of_a_long_one_has_none() throws InterruptedException {
    bot.asks("Write a lot.");
    Transcript shown = withDocument(bot.answers(MEDIUM));

    bot.telegram.users().presses(bot.ann, texts(shown).getLast(), AGAIN);
    bot.awaitClosed(bot.answers("No."));

    Transcript end = bot.sees(t -> true);
    assertThat(end.fromBot()).extracting(Message::text).containsExactly("No.");
  }

  @Test
  void another_long_answer_comes_as_another_document_in_the_same_place()
      throws InterruptedException {
    bot.asks("Write a lot.");
    Transcript shown = withDocument(bot.answers(MEDIUM));
    Message document = documents(shown).getFirst();
    String other = MEDIUM.replace("word", "noun");

    bot.telegram.users().presses(bot.ann, texts(shown).getLast(), AGAIN);
    TurnRef turn = bot.begins();
    bot.ends(turn, other);
    bot.awaitClosed(turn);

    Transcript end = bot.sees(t -> true);
    assertThat(documents(end)).hasSize(1);
    assertThat(content(documents(end).getFirst())).isEqualTo(other);
    assertThat(end.fromBot().getLast()).isEqualTo(documents(end).getFirst());
    assertThat(documents(end).getFirst().id()).isGreaterThanOrEqualTo(document.id());
  }

  @Test
  void whoever_takes_an_answer_over_puts_its_document_there_once_more()
      throws InterruptedException {
    Message question = bot.asks("Write a lot.");
    TurnRef turn = bot.begins("word ");
    bot.answer(question, m -> m.text().equals("word"));
    bot.awaitPlaced(turn);
    bot.kill();
    bot.gateways.forgetLiveness("gw-1");
    bot.start("gw-2");

    bot.ends(turn, MEDIUM);

    Transcript end = withDocument(turn);
    assertThat(bot.telegram.count(Method.EDIT_MESSAGE_MEDIA)).isOne();
    assertThat(documents(end)).hasSize(1).allMatch(Message::edited);
    assertThat(content(documents(end).getFirst())).isEqualTo(MEDIUM);
  }

  @Test
  void undo_takes_it_back_too() throws InterruptedException {
    bot.asks("Write a lot.");
    withDocument(bot.answers(MEDIUM));

    bot.asks("/undo");

    bot.sees(t -> t.visible().isEmpty());
  }

  @Test
  void one_of_unknown_outcome_is_sent_once_more_and_no_text_is() throws InterruptedException {
    bot.telegram.faults().next(Method.SEND_DOCUMENT, Fault.resetAfterCommit());
    bot.asks("Write a lot.");

    bot.awaitClosed(bot.answers(MEDIUM));

    Transcript end = bot.sees(t -> true);
    assertThat(documents(end)).hasSize(2).allMatch(m -> content(m).equals(MEDIUM));
    assertThat(texts(end)).hasSize(2);
  }

  @Test
  void one_that_is_put_off_comes_later() throws InterruptedException {
    bot.telegram.faults().next(Method.SEND_DOCUMENT, Fault.tooManyRequests(1));
    bot.asks("Write a lot.");

    assertThat(documents(withDocument(bot.answers(MEDIUM)))).hasSize(1);
  }

  @Test
  void where_none_may_be_sent_the_text_is_enough() throws InterruptedException {
    bot.telegram
        .faults()
        .next(
            Method.SEND_DOCUMENT,
            Fault.badRequest("Bad Request: not enough rights to send documents to the chat"));
    bot.asks("Write a lot.");

    TurnRef turn = bot.answers(MEDIUM);

    bot.awaitClosed(turn);
    assertThat(bot.isDelivered(turn)).isTrue();
    assertThat(documents(bot.sees(t -> true))).isEmpty();
  }
}
