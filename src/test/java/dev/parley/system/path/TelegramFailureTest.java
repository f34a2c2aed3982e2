package dev.parley.system.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.doubles.telegram.Chat;
import dev.parley.doubles.telegram.Message;
import dev.parley.doubles.telegram.TelegramDouble;
import dev.parley.doubles.telegram.Transcript;
import dev.parley.doubles.telegram.User;
import dev.parley.gateway.chat.InboundMessage;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What people in Telegram see when processes die (rows G1, G4, G5, W1, R4), and what workers do when people do not
/// wait (P6): of each answer one message, whole.
final class TelegramFailureTest {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final String AGAIN = "🔄 Regenerate";
  private static final int PEOPLE = 5;
  private static final int WORDS = 150;

  /// More than anybody waits for.
  private static final String MANY_WORDS = "please write 400 words";

  private static final String RUNNING = "parley_turns_running";

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
  void questions_that_a_killed_gateway_could_not_put_into_the_queue_are_answered_once()
      throws InterruptedException {
    List<Message> questions;
    cluster.servers().pauseBroker();
    try {
      questions = ask();
      for (Message question : questions) {
        cluster.awaitTurn(
            turn(question), "waits for the queue", turn -> turn.state() == TurnState.READY);
      }
      cluster.gateway(0).kill();
    } finally {
      cluster.servers().resumeBroker();
    }
    cluster.awaitReady();

    assertOneWholeAnswerEach(questions);
  }

  @Test
  void an_answer_that_is_stopped_or_asked_anew_leaves_its_worker_free()
      throws InterruptedException {
    Message question = asks(MANY_WORDS);
    Message begun = begun(question);
    assertThat(cluster.workersMetric(RUNNING)).isPositive();

    telegram.users().presses(question.from(), begun, "⏹ Stop");

    Message stopped = answer(question, m -> m.text().endsWith("Stopped."));
    awaitNothingRuns();
    Message again = asks(MANY_WORDS);
    begun(again);
    telegram.users().edits(again, "please write 20 words");
    Message anew = answer(again, m -> m.button(AGAIN).isPresent());
    assertThat(anew.text().split("\\s+", -1)).hasSize(20);
    awaitNothingRuns();
    assertThat(telegram.transcript(question.chat()).now(stopped).text()).isEqualTo(stopped.text());
    assertThat(telegram.transcript(again.chat()).fromBot()).hasSize(1);
  }

  @Test
  void answers_of_a_killed_worker_go_on_in_the_same_messages() throws InterruptedException {
    List<Message> questions = ask();
    for (Message question : questions) {
      begun(question);
    }

    cluster.worker(0).kill();

    assertOneWholeAnswerEach(questions);
  }

  @Test
  void answers_go_on_when_redis_comes_back_empty() throws InterruptedException {
    List<Message> questions = ask();
    for (Message question : questions) {
      begun(question);
      cluster.awaitTurn(turn(question), "has a message", turn -> !turn.parts().isEmpty());
    }

    cluster.servers().emptyRedis();

    assertOneWholeAnswerEach(questions);
  }

  // ---- people

  private static List<Message> ask() {
    List<Message> questions = new ArrayList<>();
    for (int i = 0; i < PEOPLE; i++) {
      questions.add(asks("please write " + WORDS + " words"));
    }
    return questions;
  }

  /// Somebody whom the bot has not met yet asks something.
  private static Message asks(String text) {
    User person = telegram.users().person("Person " + telegram.chats().size());
    Chat chat = telegram.users().privateChat(person);
    return telegram.users().says(person, chat, text);
  }

  private static Message begun(Message question) throws InterruptedException {
    return answer(question, m -> m.text().length() > 20);
  }

  private static Message answer(Message question, Predicate<Message> shows)
      throws InterruptedException {
    return telegram
        .await(question.chat(), t -> t.repliesTo(question).stream().anyMatch(shows), LIMIT)
        .repliesTo(question)
        .getFirst();
  }

  private static void awaitNothingRuns() {
    await("the workers are free").atMost(LIMIT).until(() -> cluster.workersMetric(RUNNING) == 0);
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
