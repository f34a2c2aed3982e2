package dev.parley.gateway.kafka;

import dev.parley.gateway.dispatch.DeadLetterHandler;
import dev.parley.gateway.dispatch.DeadLetters;
import dev.parley.shared.kafka.KafkaSettings;
import dev.parley.shared.kafka.QueueNames;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Reads the dead-letter topic in one classic consumer group of all gateways.
public final class KafkaDeadLetters implements DeadLetters {
  /// A gateway that died is replaced as the reader after this, in milliseconds.
  private static final int SESSION_MS = 10_000;

  private static final int HEARTBEAT_MS = 3_000;
  private static final int BATCH = 50;

  private final KafkaSettings settings;
  private final String name;
  private final MeterRegistry registry;

  /// @param name tells this gateway from others at the broker
  public KafkaDeadLetters(KafkaSettings settings, String name, MeterRegistry registry) {
    this.settings = settings;
    this.name = name;
    this.registry = registry;
  }

  @Override
  public Reading read(DeadLetterHandler handler) {
    DeadLetterReader reader =
        new DeadLetterReader(
            () -> new KafkaConsumer<>(config()), settings.times(), handler, registry);
    reader.start();
    return reader;
  }

  private Map<String, Object> config() {
    Map<String, Object> config = settings.clientConfig(name + "-dlq");
    config.put("group.id", QueueNames.DEAD_LETTER_GROUP);
    config.put("key.deserializer", ByteArrayDeserializer.class);
    config.put("value.deserializer", ByteArrayDeserializer.class);
    config.put("auto.offset.reset", "earliest");
    config.put("enable.auto.commit", false);
    config.put("session.timeout.ms", SESSION_MS);
    config.put("heartbeat.interval.ms", HEARTBEAT_MS);
    config.put("max.poll.records", BATCH);
    config.put(
        "default.api.timeout.ms", Math.toIntExact(settings.times().requestTimeout().toMillis()));
    return config;
  }
}
