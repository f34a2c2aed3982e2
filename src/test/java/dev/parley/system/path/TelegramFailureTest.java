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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What people in Telegram see when processes die (rows G1, G5, W1, R4): of each answer one message, whole.
final class TelegramFailureTest {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final String AGAIN = "🔄 Regenerate";
  private static final int PEOPLE = 5;
  private static final int WORDS = 150;

  private static TelegramDouble telegram;
  private static Cluster cluster;

  @BeforeAll
  static void start() {
    telegram = TelegramDouble.start();
    cluster =
        Cluster.start(
            "telegram-failures",
            1,
            2,
            Map.of(
                "TELEGRAM_BOT_TOKEN",
                telegram.token(),
                "TELEGRAM_API_URL",
                telegram.url().toString()));
  }

  @AfterAll
  static void stop() {
    cluster.close();
    telegram.close();
  }

  @BeforeEach
  void all_serve() {
    cluster.awaitReady();
  }

  @Test
  void answers_of_a_killed_gateway_are_finished_by_the_next_in_the_same_messages()
      throws InterruptedException {
    List<Message> questions = ask();
    for (Message question : questions) {
      cluster.awaitTurn(turn(question), "has a message", turn -> !turn.parts().isEmpty());
    }

    cluster.gateway(0).kill();
    cluster.awaitReady();

    assertOneWholeAnswerEach(questions);
  }

  @Test
  void questions_that_come_while_no_gateway_is_there_are_answered_once()
      throws InterruptedException {
    cluster.gateway(0).kill();
    List<Message> questions = ask();

    cluster.awaitReady();

    assertOneWholeAnswerEach(questions);
    assertThat(telegram.pendingUpdates()).isZero();
  }

  @Test
  void answers_of_a_killed_worker_go_on_in_the_same_messages() throws InterruptedException {
    List<Message> questions = ask();
    for (Message question : questions) {
      telegram.await(
          question.chat(),
          t -> t.repliesTo(question).stream().anyMatch(m -> m.text().length() > 20),
          LIMIT);
    }

    cluster.worker(0).kill();

    assertOneWholeAnswerEach(questions);
  }

  @Test
  void answers_go_on_when_redis_comes_back_empty() throws InterruptedException {
    List<Message> questions = ask();
    for (Message question : questions) {
      telegram.await(
          question.chat(),
          t -> t.repliesTo(question).stream().anyMatch(m -> m.text().length() > 20),
          LIMIT);
      cluster.awaitTurn(turn(question), "has a message", turn -> !turn.parts().isEmpty());
    }

    cluster.servers().emptyRedis();

    assertOneWholeAnswerEach(questions);
  }

  // ---- people

  private List<Message> ask() {
    List<Message> questions = new ArrayList<>();
    for (int i = 0; i < PEOPLE; i++) {
      User person = telegram.users().person("Person " + telegram.chats().size());
      Chat chat = telegram.users().privateChat(person);
      questions.add(telegram.users().says(person, chat, "please write " + WORDS + " words"));
    }
    return questions;
  }

  private static TurnRef turn(Message question) {
    return InboundMessage.refOf(
        "tg:" + telegram.bot().id() + ":" + question.chat().id(), "m" + question.id());
  }

  private static void assertOneWholeAnswerEach(List<Message> questions)
      throws InterruptedException {
    for (Message question : questions) {
      Transcript seen =
          telegram.await(
              question.chat(),
              t -> t.repliesTo(question).stream().anyMatch(m -> m.button(AGAIN).isPresent()),
              LIMIT);
      assertThat(seen.fromBot()).hasSize(1);
      assertThat(seen.fromBot().getFirst().text().split("\\s+", -1)).hasSize(WORDS);
    }
    assertThat(telegram.violations()).isEmpty();
  }
}
