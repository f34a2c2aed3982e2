package dev.parley.shared.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// How to reach Kafka and how the queue is set up there.
///
/// @param bootstrap `host:port`, or several separated by commas
/// @param group what each lane's share group and topic must be set to
/// @param times how long the clients wait
/// @param maxRecordBytes the largest prompt, key and value together
public record KafkaSettings(
    String bootstrap, ShareGroupSettings group, KafkaTimes times, int maxRecordBytes) {

  /// Room for a record's own headers above its key and value.
  static final int RECORD_OVERHEAD_BYTES = 4_096;

  /// The longest wait between two attempts to connect. Longer, a broker that is back waits for us; 24
  /// clients that knock once a second cost nothing.
  private static final Duration LAST_RECONNECT = Duration.ofSeconds(1);

  private static final Pattern BOOTSTRAP =
      Pattern.compile("[^,\\s:]+:\\d{1,5}(,[^,\\s:]+:\\d{1,5})*|\\[[0-9A-Fa-f:]+]:\\d{1,5}");
  private static final int MIN_RECORD_BYTES = 1_024;
  private static final int MAX_RECORD_BYTES = 64 << 20;
  private static final int DEFAULT_RECORD_BYTES = 4 << 20;

  public KafkaSettings {
    if (!BOOTSTRAP.matcher(bootstrap).matches()) {
      throw new IllegalArgumentException(
          "Kafka bootstrap servers must be host:port[,host:port...], not '" + bootstrap + "'");
    }
    Checks.between("Kafka record size", maxRecordBytes, MIN_RECORD_BYTES, MAX_RECORD_BYTES);
    Duration unrenewed = times.renewPeriod().multipliedBy(2).plus(times.ackTimeout());
    if (unrenewed.compareTo(group.lock()) > 0) {
      throw new IllegalArgumentException(
          "a Kafka lock of %s leaves no room for two renewals (every %s) and a late answer (%s)"
              .formatted(group.lock(), times.renewPeriod(), times.ackTimeout()));
    }
  }

  public static KafkaSettings defaults(String bootstrap) {
    return new KafkaSettings(
        bootstrap, ShareGroupSettings.defaults(), KafkaTimes.defaults(), DEFAULT_RECORD_BYTES);
  }

  public KafkaSettings withGroup(ShareGroupSettings value) {
    return new KafkaSettings(bootstrap, value, times, maxRecordBytes);
  }

  public KafkaSettings withTimes(KafkaTimes value) {
    return new KafkaSettings(bootstrap, group, value, maxRecordBytes);
  }

  /// What every client of this process starts its configuration from. Mutable, the caller's own.
  public Map<String, Object> clientConfig(String clientId) {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", bootstrap);
    config.put("client.id", clientId);
    config.put("request.timeout.ms", Math.toIntExact(times.requestTimeout().toMillis()));
    config.put("reconnect.backoff.max.ms", LAST_RECONNECT.toMillis());
    config.put("enable.metrics.push", false);
    return config;
  }
}
