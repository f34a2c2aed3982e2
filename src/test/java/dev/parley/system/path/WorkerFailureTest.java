package dev.parley.system.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Workers that die, sleep or are asked to leave while they answer (rows W1 to W5).
final class WorkerFailureTest {
  private static Cluster cluster;

  @BeforeAll
  static void start() {
    cluster = Cluster.start("workers", 1, 2, Map.of("PARLEY_DRAIN", "2s"));
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @BeforeEach
  void all_serve() {
    cluster.awaitReady();
  }

  @Test
  void an_answer_goes_on_when_its_worker_is_killed() {
    Chat.Sent sent = cluster.chat(0).send("W1 please write 150 words");
    Node owner = cluster.owner(sent.ref(), 5);
    sent.reader().awaitWords(5);

    owner.kill();

    assertThat(sent.answer()).isEqualTo(Chat.expected("W1 please write 150 words"));
    assertThat(sent.reader().restarts()).isZero();
    assertThat(cluster.turn(sent.ref()).starts()).isEqualTo(2);
  }

  @Test
  void a_worker_that_sleeps_for_less_than_its_lock_goes_on_itself() {
    Chat.Sent sent = cluster.chat(0).send("W2 please write 150 words");
    Node owner = cluster.owner(sent.ref(), 5);

    owner.pause();
    try {
      // Its liveness lapses, its lock does not.
      await().atMost(Cluster.LIMIT).until(() -> !cluster.redis().exists("wk:" + owner.workerId()));
    } finally {
      owner.resume();
    }

    assertThat(sent.answer()).isEqualTo(Chat.expected("W2 please write 150 words"));
    assertThat(cluster.turn(sent.ref()).starts()).isEqualTo(1);
  }

  @Test
  void a_worker_that_sleeps_for_longer_than_its_lock_is_replaced_and_writes_nothing_more() {
    Chat.Sent sent = cluster.chat(0).send("W3 please write 300 words");
    Node owner = cluster.owner(sent.ref(), 5);

    owner.pause();
    try {
      cluster.awaitTurn(sent.ref(), "was taken over", turn -> turn.starts() == 2);
      sent.reader().awaitWords(100);
    } finally {
      owner.resume();
    }

    assertThat(sent.answer()).isEqualTo(Chat.expected("W3 please write 300 words"));
    assertThat(sent.reader().restarts()).isZero();
    assertThat(cluster.turn(sent.ref()).starts()).isEqualTo(2);
  }

  @Test
  void a_worker_that_is_asked_to_stop_hands_its_answers_over() {
    Chat.Sent sent = cluster.chat(0).send("W5 please write 400 words");
    Node owner = cluster.owner(sent.ref(), 5);

    owner.terminate();

    assertThat(sent.answer()).isEqualTo(Chat.expected("W5 please write 400 words"));
    assertThat(sent.reader().restarts()).isZero();
    var turn = cluster.turn(sent.ref());
    assertThat(turn.yields()).isEqualTo(1);
    assertThat(turn.crashes()).isEqualTo(1);
  }
}
