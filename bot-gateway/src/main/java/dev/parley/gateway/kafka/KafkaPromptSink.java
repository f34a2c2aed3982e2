package dev.parley.gateway.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.gateway.dispatch.ProduceResult;
import dev.parley.gateway.dispatch.PromptSink;
import dev.parley.shared.kafka.KafkaSettings;
import dev.parley.shared.kafka.QueueNames;
import dev.parley.shared.wire.Lane;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Produces with all in-sync replicas' acknowledgement and without duplicates of its own.
public final class KafkaPromptSink implements PromptSink {
  private static final Logger log = LoggerFactory.getLogger(KafkaPromptSink.class);

  private final Producer<byte[], byte[]> producer;
  private final MeterRegistry registry;
  private final Duration closeTimeout;

  /// A producer's `send` waits for the topic's metadata, so it never runs on the caller's thread.
  private final ExecutorService senders =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("produce-", 0).factory());

  /// @param name tells this gateway from others at the broker
  public KafkaPromptSink(KafkaSettings settings, String name, MeterRegistry registry) {
    this.producer = new KafkaProducer<>(config(settings, name));
    this.registry = registry;
    this.closeTimeout = settings.times().closeTimeout();
  }

  @Override
  public CompletableFuture<ProduceResult> produce(Lane lane, String key, byte[] value) {
    CompletableFuture<ProduceResult> result = new CompletableFuture<>();
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(QueueNames.promptTopic(lane), key.getBytes(UTF_8), value);
    try {
      senders.execute(() -> send(record, result));
    } catch (RejectedExecutionException e) {
      log.debug("produce after close", e);
      result.complete(ProduceResult.UNKNOWN);
    }
    return result.whenComplete((known, error) -> count(lane, known));
  }

  @Override
  public void close() {
    senders.shutdown();
    producer.close(closeTimeout);
    senders.close();
  }

  private void send(
      ProducerRecord<byte[], byte[]> record, CompletableFuture<ProduceResult> result) {
    try {
      // The callback brings the same answer as the future.
      var _ = producer.send(record, (metadata, error) -> result.complete(classify(error)));
    } catch (KafkaException | IllegalStateException e) {
      // The latter is the producer's word for "closed".
      result.complete(classify(e));
    }
  }

  private static ProduceResult classify(@Nullable Exception error) {
    return switch (error) {
      case null -> ProduceResult.PRODUCED;
      case RecordTooLargeException e -> refused(e);
      case RecordBatchTooLargeException e -> refused(e);
      case InvalidTopicException e -> refused(e);
      case AuthorizationException e -> refused(e);
      default -> {
        log.info("Kafka gave no answer to a prompt: {}", error.getMessage());
        yield ProduceResult.UNKNOWN;
      }
    };
  }

  private static ProduceResult refused(Exception error) {
    log.warn("Kafka refused a prompt: {}", error.getMessage());
    return ProduceResult.REFUSED;
  }

  private void count(Lane lane, ProduceResult result) {
    registry.counter("parley.queue.produced", "lane", tag(lane), "result", tag(result)).increment();
  }

  private static String tag(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static Map<String, Object> config(KafkaSettings settings, String name) {
    Map<String, Object> config = settings.clientConfig(name);
    int deliveryMs = Math.toIntExact(settings.times().deliveryTimeout().toMillis());
    config.put("key.serializer", ByteArraySerializer.class);
    config.put("value.serializer", ByteArraySerializer.class);
    config.put("acks", "all");
    config.put("enable.idempotence", true);
    config.put("linger.ms", 0);
    config.put("max.block.ms", deliveryMs);
    config.put("delivery.timeout.ms", deliveryMs);
    config.put("max.request.size", settings.maxRecordBytes());
    return config;
  }
}
