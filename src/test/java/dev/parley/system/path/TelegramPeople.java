package dev.parley.system.path;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.doubles.telegram.Chat;
import dev.parley.doubles.telegram.Message;
import dev.parley.doubles.telegram.TelegramDouble;
import dev.parley.doubles.telegram.Transcript;
import dev.parley.doubles.telegram.User;
import dev.parley.gateway.chat.InboundMessage;
import dev.parley.shared.turn.TurnRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// People in Telegram who ask for so many words, and see what they get.
final class TelegramPeople implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final String AGAIN = "🔄 Regenerate";
  private static final int PEOPLE = 5;
  private static final int WORDS = 150;

  final TelegramDouble telegram = TelegramDouble.start();

  /// What gateways have to be told to be here.
  Map<String, String> settings() {
    return Map.of(
        "TELEGRAM_BOT_TOKEN", telegram.token(), "TELEGRAM_API_URL", telegram.url().toString());
  }

  /// Some people ask at the same time.
  List<Message> ask() {
    List<Message> questions = new ArrayList<>();
    for (int i = 0; i < PEOPLE; i++) {
      questions.add(asks("please write " + WORDS + " words"));
    }
    return questions;
  }

  /// Somebody whom the bot has not met yet asks something.
  Message asks(String text) {
    User person = telegram.users().person("Person " + telegram.chats().size());
    Chat chat = telegram.users().privateChat(person);
    return telegram.users().says(person, chat, text);
  }

  /// The turn of a question.
  TurnRef turn(Message question) {
    return InboundMessage.refOf(
        "tg:" + telegram.bot().id() + ":" + question.chat().id(), "m" + question.id());
  }

  /// The answer, once there is more than its first words.
  Message begun(Message question) throws InterruptedException {
    return answer(question, m -> m.text().length() > 20);
  }

  /// The answer, once nothing more will be written.
  Message whole(Message question) throws InterruptedException {
    return answer(question, m -> m.button(AGAIN).isPresent());
  }

  Message answer(Message question, Predicate<Message> shows) throws InterruptedException {
    return telegram
        .await(question.chat(), t -> t.repliesTo(question).stream().anyMatch(shows), LIMIT)
        .repliesTo(question)
        .getFirst();
  }

  /// Of those who [#ask]ed.
  void assertOneWholeAnswerEach(List<Message> questions) throws InterruptedException {
    for (Message question : questions) {
      whole(question);
    }
    for (Message question : questions) {
      Transcript seen = telegram.transcript(question.chat());
      assertThat(seen.fromBot()).hasSize(1);
      assertThat(seen.fromBot().getFirst().text().split("\\s+", -1)).hasSize(WORDS);
    }
    assertThat(telegram.violations()).isEmpty();
  }

  @Override
  public void close() {
    telegram.close();
  }
}
