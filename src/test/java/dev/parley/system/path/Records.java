package dev.parley.system.path;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.parley.shared.kafka.QueueNames;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// The prompts in Kafka as an outsider sees them.
final class Records {
  private static final String PROMPTS = QueueNames.promptTopic(Lane.INTERACTIVE);
  private static final String GROUP = QueueNames.shareGroup(Lane.INTERACTIVE);

  private final Map<String, Object> broker;

  Records(String bootstrapServers) {
    broker = Map.of("bootstrap.servers", bootstrapServers);
  }

  /// Puts a record into the queue.
  void produce(byte[] key, byte[] value) {
    try (var producer =
        new KafkaProducer<>(broker, new ByteArraySerializer(), new ByteArraySerializer())) {
      var _ = producer.send(new ProducerRecord<>(PROMPTS, key, value));
    }
  }

  /// The newest prompt.
  ConsumerRecord<byte[], byte[]> last() {
    return all(PROMPTS).getLast();
  }

  /// The records of one turn, oldest first.
  List<ConsumerRecord<byte[], byte[]>> of(TurnRef ref) {
    return all(PROMPTS).stream()
        .filter(record -> new String(record.key(), UTF_8).equals(ref.toString()))
        .toList();
  }

  List<ConsumerRecord<byte[], byte[]>> deadLetters() {
    return all(QueueNames.DEAD_LETTERS);
  }

  /// Waits until the queue is done with every prompt in it: none is held, none will come again.
  void awaitAllAccepted() {
    try (var admin = Admin.create(broker)) {
      await("the queue is done with every prompt")
          .atMost(Cluster.LIMIT)
          .until(() -> left(admin), left -> left == 0);
    }
  }

  /// Records that the group is not done with; negative while the broker does not know.
  private static long left(Admin admin) throws ExecutionException, InterruptedException {
    var partition = new TopicPartition(PROMPTS, 0);
    var spec = new ListShareGroupOffsetsSpec().topicPartitions(List.of(partition));
    var info =
        admin
            .listShareGroupOffsets(Map.of(GROUP, spec))
            .partitionsToOffsetInfo(GROUP)
            .get()
            .get(partition);
    return info == null ? -1 : info.lag().orElse(-1L);
  }

  /// All records of a topic's only partition.
  private List<ConsumerRecord<byte[], byte[]>> all(String topic) {
    var partition = new TopicPartition(topic, 0);
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
    try (var consumer = reader(partition)) {
      long end = consumer.position(partition);
      consumer.seekToBeginning(List.of(partition));
      while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofSeconds(1)).forEach(all::add);
      }
    }
    return all;
  }

  /// Stands at the end.
  private KafkaConsumer<byte[], byte[]> reader(TopicPartition partition) {
    var consumer =
        new KafkaConsumer<>(broker, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.assign(List.of(partition));
    consumer.seekToEnd(List.of(partition));
    return consumer;
  }
}
