package dev.parley.system.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.standalone.Node;
import dev.parley.standalone.Signals;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Workers that die, sleep or are asked to leave while they answer (rows W1 to W5). Each has one slot, so
/// that a third answer is claimed, but not begun.
final class WorkerFailureTest {
  private static Cluster cluster;

  @BeforeAll
  static void start() {
    cluster = Cluster.start("workers", 1, 2, Map.of("PARLEY_DRAIN", "2s", "PARLEY_SLOTS", "1"));
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

  /// As an assertion of the library does it (`AssertionTest` in `worker`).
  @Test
  void everybody_is_answered_when_their_worker_aborts() {
    Chat.Sent running = cluster.chat(0).send("W1 please write 150 words");
    Node owner = cluster.owner(running.ref(), 5);
    List<Chat.Sent> others =
        IntStream.range(0, 4)
            .mapToObj(i -> cluster.chat(0).send("W1 please write " + (20 + i) + " words"))
            .toList();

    Signals.send("ABRT", owner.child().pid());

    assertThat(running.answer()).isEqualTo(Chat.expected("W1 please write 150 words"));
    assertThat(running.reader().restarts()).isZero();
    for (int i = 0; i < others.size(); i++) {
      assertThat(others.get(i).answer())
          .isEqualTo(Chat.expected("W1 please write " + (20 + i) + " words"));
    }
    assertThat(cluster.turn(running.ref()).starts()).isEqualTo(2);
    cluster.records().awaitAllAccepted();
  }

  @Test
  void an_answer_that_was_claimed_but_not_begun_is_written_by_another_worker() {
    Chat.Sent one = cluster.chat(0).send("W1 please write 400 words");
    Chat.Sent other = cluster.chat(0).send("W1 please write 410 words");
    one.reader().awaitWords(3);
    other.reader().awaitWords(3);
    Chat.Sent third = cluster.chat(0).send("W1 please write 30 words");
    Node claimant = cluster.owner(third.ref(), 0);

    claimant.kill();

    assertThat(third.answer()).isEqualTo(Chat.expected("W1 please write 30 words"));
    assertThat(cluster.turn(third.ref()).starts()).isEqualTo(2);
    assertThat(one.answer()).isEqualTo(Chat.expected("W1 please write 400 words"));
    assertThat(other.answer()).isEqualTo(Chat.expected("W1 please write 410 words"));
    cluster.records().awaitAllAccepted();
  }

  @Test
  void an_answer_is_not_written_again_when_its_worker_dies_before_it_lets_the_prompt_go() {
    Chat chat = cluster.chat(0);
    Chat.Sent sent = chat.send("W1 please write 100 words");
    Node owner = cluster.owner(sent.ref(), 5);
    Node rival = cluster.workersBut(owner).getFirst();
    double accepted = acknowledged(rival);
    double started = rival.metric("parley_turns_started_total");
    cluster.servers().killBroker();
    assertThat(sent.answer()).isEqualTo(Chat.expected("W1 please write 100 words"));

    owner.kill();
    cluster.servers().startBroker();

    cluster.records().awaitAllAccepted();
    assertThat(acknowledged(rival)).isGreaterThan(accepted);
    assertThat(rival.metric("parley_turns_started_total")).isEqualTo(started);
    assertAnsweredOnce(chat, sent, 1);
  }

  @Test
  void the_death_of_its_worker_changes_nothing_about_an_answer_that_is_done() {
    Chat chat = cluster.chat(0);
    Chat.Sent sent = chat.send("W1 please write 30 words");
    Node owner = cluster.owner(sent.ref(), 1);
    String first = sent.answer();
    cluster.records().awaitAllAccepted();

    owner.kill();

    assertThat(chat.send("W1 and then 20 words").answer())
        .isEqualTo(Chat.expected("W1 please write 30 words", first, "W1 and then 20 words"));
    assertThat(cluster.turn(sent.ref()).starts()).isEqualTo(1);
    assertThat(chat.history()).hasSize(2);
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
  void a_worker_that_wakes_after_its_rival_has_finished_changes_nothing() {
    Chat chat = cluster.chat(0);
    Chat.Sent sent = chat.send("W4 please write 150 words");
    Node owner = cluster.owner(sent.ref(), 5);
    owner.pause();
    try {
      assertThat(sent.answer()).isEqualTo(Chat.expected("W4 please write 150 words"));
    } finally {
      owner.resume();
    }
    // By its own clock the lock has lapsed: it does not even try to accept the record.
    await("the sleeper is awake")
        .atMost(Cluster.LIMIT)
        .until(() -> owner.get("/health/ready").startsWith("200"));
    await("the sleeper has let its prompt go")
        .atMost(Cluster.LIMIT)
        .until(() -> owner.metric("parley_prompts_held") == 0);

    assertAnsweredOnce(chat, sent, 2);
    cluster.workersBut(owner).forEach(Node::kill);
    assertThat(chat.send("W4 and then 20 words").answer())
        .isEqualTo(
            Chat.expected("W4 please write 150 words", sent.answer(), "W4 and then 20 words"));
    cluster.records().awaitAllAccepted();
  }

  private static double acknowledged(Node worker) {
    return worker.metric("parley_queue_acknowledgements_total");
  }

  /// What a user sees of it, now and when the page is loaded anew, is one whole answer.
  private static void assertAnsweredOnce(Chat chat, Chat.Sent sent, int starts) {
    assertThat(cluster.awaitDelivered(sent.ref()).starts()).isEqualTo(starts);
    assertThat(sent.reader().restarts()).isZero();
    assertThat(chat.history()).hasSize(1);
    assertThat(chat.history().get(0).get("answer").textValue()).isEqualTo(sent.answer());
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
