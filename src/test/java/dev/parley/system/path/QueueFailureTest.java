package dev.parley.system.path;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.shared.kafka.QueueNames;
import dev.parley.shared.wire.Lane;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A broker that dies, records that come twice, and records that nobody can read (rows K1, K3, K8,
/// W10).
final class QueueFailureTest {
  private static final String TOPIC = QueueNames.promptTopic(Lane.INTERACTIVE);
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

    cluster.restartBroker();

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
    double before = workers("parley_prompts_dropped_total");

    var record = last(any -> new String(any.key(), UTF_8).equals(sent.ref().toString()));
    produce(record.key(), record.value());

    await("the second record was dropped")
        .atMost(Cluster.LIMIT)
        .until(() -> workers("parley_prompts_dropped_total") > before);
    assertThat(sent.answer()).isEqualTo(Chat.expected("K3 please write 200 words"));
    assertThat(cluster.turn(sent.ref()).starts()).isEqualTo(1);
    assertThat(chat.history()).hasSize(1);
  }

  @Test
  void records_that_nobody_can_read_become_dead_letters_and_stop_nobody() {
    Chat chat = cluster.chat(0);
    String first = chat.send("K8 please write 20 words").answer();
    var record = last(any -> true);
    double before = workers("parley_prompts_dead_lettered_total");

    produce(record.key(), new byte[] {0, (byte) 0xff, '{', 7});
    String newer = new String(record.value(), UTF_8).replaceFirst("\"schema\":1", "\"schema\":99");
    produce("local/unknown".getBytes(UTF_8), newer.getBytes(UTF_8));

    await("both are dead letters")
        .atMost(Cluster.LIMIT)
        .until(() -> workers("parley_prompts_dead_lettered_total") - before, count -> count == 2);
    await("the dead-letter topic has them")
        .atMost(Cluster.LIMIT)
        .until(() -> records(QueueNames.DEAD_LETTERS).size() >= 2);
    assertThat(chat.send("K8 and then 30 words").answer())
        .isEqualTo(Chat.expected("K8 please write 20 words", first, "K8 and then 30 words"));
  }

  private static double workers(String metric) {
    return cluster.workers().stream().mapToDouble(node -> node.metric(metric)).sum();
  }

  private static void produce(byte[] key, byte[] value) {
    Map<String, Object> config = Map.of("bootstrap.servers", cluster.bootstrapServers());
    try (var producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      var _ = producer.send(new ProducerRecord<>(TOPIC, key, value));
    }
  }

  private static ConsumerRecord<byte[], byte[]> last(
      java.util.function.Predicate<ConsumerRecord<byte[], byte[]>> test) {
    return records(TOPIC).stream().filter(test).reduce((a, b) -> b).orElseThrow();
  }

  /// All records of a topic's only partition.
  private static List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    Map<String, Object> config = Map.of("bootstrap.servers", cluster.bootstrapServers());
    var partition = new TopicPartition(topic, 0);
    List<ConsumerRecord<byte[], byte[]>> all = new java.util.ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofSeconds(1)).forEach(all::add);
      }
    }
    return all;
  }
}
