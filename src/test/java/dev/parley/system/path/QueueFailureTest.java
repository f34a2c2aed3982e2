package dev.parley.system.path;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.standalone.Node;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A broker that dies, records that come twice, too often, or that nobody can read (rows K1, K3, K8, W1,
/// W10).
final class QueueFailureTest {
  private static Cluster cluster;

  @BeforeAll
  static void start() {
    cluster = Cluster.start("queue", 1, 2, Map.of());
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
  void an_answer_goes_on_while_the_broker_is_away_and_so_does_the_next() {
    Chat chat = cluster.chat(0);
    Chat.Sent sent = chat.send("K1 please write 200 words");
    sent.reader().awaitWords(5);

    cluster.servers().killBroker();
    cluster.servers().startBroker();

    String answer = sent.answer();
    assertThat(answer).isEqualTo(Chat.expected("K1 please write 200 words"));
    assertThat(sent.reader().restarts()).isZero();
    assertThat(chat.send("K1 and then 20 words").answer())
        .isEqualTo(Chat.expected("K1 please write 200 words", answer, "K1 and then 20 words"));
  }

  @Test
  void a_prompt_that_is_in_the_queue_twice_is_answered_once() {
    Chat chat = cluster.chat(0);
    Chat.Sent sent = chat.send("K3 please write 200 words");
    sent.reader().awaitWords(5);
    double before = cluster.workersMetric("parley_prompts_dropped_total");

    var record = cluster.records().of(sent.ref()).getLast();
    cluster.records().produce(record.key(), record.value());

    await("the second record was dropped")
        .atMost(Cluster.LIMIT)
        .until(() -> cluster.workersMetric("parley_prompts_dropped_total") > before);
    assertThat(sent.answer()).isEqualTo(Chat.expected("K3 please write 200 words"));
    assertThat(cluster.turn(sent.ref()).starts()).isEqualTo(1);
    assertThat(chat.history()).hasSize(1);
  }

  @Test
  void records_that_nobody_can_read_become_dead_letters_and_stop_nobody() {
    Chat chat = cluster.chat(0);
    String first = chat.send("K8 please write 20 words").answer();
    var record = cluster.records().last();
    double before = cluster.workersMetric("parley_prompts_dead_lettered_total");

    cluster.records().produce(record.key(), new byte[] {0, (byte) 0xff, '{', 7});
    String newer = new String(record.value(), UTF_8).replaceFirst("\"schema\":1", "\"schema\":99");
    cluster.records().produce("local/unknown".getBytes(UTF_8), newer.getBytes(UTF_8));

    await("both are dead letters")
        .atMost(Cluster.LIMIT)
        .until(
            () -> cluster.workersMetric("parley_prompts_dead_lettered_total") - before,
            count -> count == 2);
    await("the dead-letter topic has them")
        .atMost(Cluster.LIMIT)
        .until(() -> cluster.records().deadLetters().size() >= 2);
    assertThat(chat.send("K8 and then 30 words").answer())
        .isEqualTo(Chat.expected("K8 please write 20 words", first, "K8 and then 30 words"));
  }

  /// What a dead worker held is offered to its other holders first, whose deaths the broker notices later:
  /// one death can use up all deliveries of a record.
  @Test
  void a_prompt_whose_deliveries_are_used_up_is_asked_again_and_answered() {
    cluster.workers().forEach(Node::kill);
    Chat.Sent sent = cluster.chat(0).send("W1 please write 40 words");
    cluster.records().useUp(sent.ref());

    cluster.awaitReady();

    assertThat(sent.answer()).isEqualTo(Chat.expected("W1 please write 40 words"));
    assertThat(cluster.turn(sent.ref()).starts()).isEqualTo(1);
    cluster.records().awaitAllAccepted();
  }
}
