package dev.parley.bench;

import dev.parley.shared.kafka.KafkaSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Kafka's own part of a prompt's way: one producer and one share consumer, set as Parley sets its own,
/// on a topic of their own on the same broker, with nothing around them.
final class BareQueue implements AutoCloseable {
  private static final String NAME = "bench.bare";
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration ACK_LIMIT = Duration.ofSeconds(3);

  private final Producer<byte[], byte[]> producer;
  private final KafkaShareConsumer<byte[], byte[]> consumer;
  private final byte[] value;

  private BareQueue(KafkaSettings settings, int valueBytes) {
    Map<String, Object> sending = settings.clientConfig("bench-producer");
    sending.put("acks", "all");
    sending.put("enable.idempotence", true);
    sending.put("linger.ms", 0);
    producer = new KafkaProducer<>(sending, new ByteArraySerializer(), new ByteArraySerializer());
    Map<String, Object> polling = settings.clientConfig("bench-consumer");
    polling.put("group.id", NAME);
    polling.put("share.acknowledgement.mode", "explicit");
    polling.put("share.acquire.mode", "record_limit");
    polling.put("max.poll.records", 1);
    polling.put("fetch.max.wait.ms", Math.toIntExact(settings.times().fetchMaxWait().toMillis()));
    consumer =
        new KafkaShareConsumer<>(polling, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.subscribe(Set.of(NAME));
    value = new byte[valueBytes];
  }

  /// Makes topic and group, and waits until the consumer is given records.
  ///
  /// @param valueBytes of a record, about a prompt's
  static BareQueue open(String bootstrap, int valueBytes) throws InterruptedException {
    KafkaSettings settings = KafkaSettings.defaults(bootstrap);
    try (Admin admin = Admin.create(settings.clientConfig("bench-admin"))) {
      admin.createTopics(List.of(new NewTopic(NAME, 1, (short) 1))).all().get();
      var earliest =
          new AlterConfigOp(new ConfigEntry("share.auto.offset.reset", "earliest"), OpType.SET);
      admin
          .incrementalAlterConfigs(
              Map.of(new ConfigResource(ConfigResource.Type.GROUP, NAME), List.of(earliest)))
          .all()
          .get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the bench's topic cannot be made", e);
    }
    BareQueue queue = new BareQueue(settings, valueBytes);
    queue.time();
    return queue;
  }

  /// From produce to the poll that returns the record, which is then accepted.
  Duration time() {
    long began = System.nanoTime();
    var _ = producer.send(new ProducerRecord<>(NAME, value));
    while (true) {
      var records = consumer.poll(POLL);
      if (!records.isEmpty()) {
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        records.forEach(record -> consumer.acknowledge(record, AcknowledgeType.ACCEPT));
        consumer.commitSync(ACK_LIMIT);
        return took;
      }
    }
  }

  @Override
  public void close() {
    producer.close(ACK_LIMIT);
    consumer.close(ACK_LIMIT);
  }
}
