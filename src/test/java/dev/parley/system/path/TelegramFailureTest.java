package dev.parley.system.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.doubles.telegram.Message;
import dev.parley.shared.turn.TurnState;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What people in Telegram see when processes die (rows G1, G4, G5, W1, R4), and what workers do when people do not
/// wait (P6): of each answer one message, whole.
final class TelegramFailureTest {
  /// More than anybody waits for.
  private static final String MANY_WORDS = "please write 400 words";

  private static final String RUNNING = "parley_turns_running";

  private static TelegramPeople people;
  private static Cluster cluster;

  @BeforeAll
  static void start() {
    people = new TelegramPeople();
    cluster = Cluster.start("telegram-failures", 1, 2, people.settings());
  }

  @AfterAll
  static void stop() {
    cluster.close();
    people.close();
  }

  @BeforeEach
  void all_serve() {
    cluster.awaitReady();
  }

  @Test
  void answers_of_a_killed_gateway_are_finished_by_the_next_in_the_same_messages()
      throws InterruptedException {
    List<Message> questions = people.ask();
    for (Message question : questions) {
      cluster.awaitTurn(people.turn(question), "has a message", turn -> !turn.parts().isEmpty());
    }

    cluster.gateway(0).kill();
    cluster.awaitReady();

    people.assertOneWholeAnswerEach(questions);
  }

  @Test
  void questions_that_come_while_no_gateway_is_there_are_answered_once()
      throws InterruptedException {
    cluster.gateway(0).kill();
    List<Message> questions = people.ask();

    cluster.awaitReady();

    people.assertOneWholeAnswerEach(questions);
    assertThat(people.telegram.pendingUpdates()).isZero();
  }

  @Test
  void questions_that_a_killed_gateway_could_not_put_into_the_queue_are_answered_once()
      throws InterruptedException {
    List<Message> questions;
    cluster.servers().pauseBroker();
    try {
      questions = people.ask();
      for (Message question : questions) {
        cluster.awaitTurn(
            people.turn(question), "waits for the queue", turn -> turn.state() == TurnState.READY);
      }
      cluster.gateway(0).kill();
    } finally {
      cluster.servers().resumeBroker();
    }
    cluster.awaitReady();

    people.assertOneWholeAnswerEach(questions);
  }

  @Test
  void an_answer_that_is_stopped_or_asked_anew_leaves_its_worker_free()
      throws InterruptedException {
    Message question = people.asks(MANY_WORDS);
    Message begun = people.begun(question);
    assertThat(cluster.workersMetric(RUNNING)).isPositive();

    people.telegram.users().presses(question.from(), begun, "⏹ Stop");

    Message stopped = people.answer(question, m -> m.text().endsWith("Stopped."));
    awaitNothingRuns();
    Message again = people.asks(MANY_WORDS);
    people.begun(again);
    people.telegram.users().edits(again, "please write 20 words");
    Message anew = people.whole(again);
    assertThat(anew.text().split("\\s+", -1)).hasSize(20);
    awaitNothingRuns();
    assertThat(people.telegram.transcript(question.chat()).now(stopped).text())
        .isEqualTo(stopped.text());
    assertThat(people.telegram.transcript(again.chat()).fromBot()).hasSize(1);
  }

  @Test
  void answers_of_a_killed_worker_go_on_in_the_same_messages() throws InterruptedException {
    List<Message> questions = people.ask();
    for (Message question : questions) {
      people.begun(question);
    }

    cluster.worker(0).kill();

    people.assertOneWholeAnswerEach(questions);
  }

  @Test
  void answers_go_on_when_redis_comes_back_empty() throws InterruptedException {
    List<Message> questions = people.ask();
    for (Message question : questions) {
      people.begun(question);
      cluster.awaitTurn(people.turn(question), "has a message", turn -> !turn.parts().isEmpty());
    }

    cluster.servers().emptyRedis();

    people.assertOneWholeAnswerEach(questions);
  }

  private static void awaitNothingRuns() {
    await("the workers are free")
        .atMost(Cluster.LIMIT)
        .until(() -> cluster.workersMetric(RUNNING) == 0);
  }
}
