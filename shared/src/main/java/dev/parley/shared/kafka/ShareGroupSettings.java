package dev.parley.shared.kafka;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// How a lane's share group and topic must be set on the cluster.
///
/// @param lock how long a delivered record stays with its holder without a renewal
/// @param deliveryLimit deliveries after which a record becomes a dead letter; crashes, lapsed
///     locks, releases and closed consumers all count
/// @param maxRecordLocks how far a lane may run ahead of its oldest unfinished record, in records
/// @param retention how long a topic keeps a record; the broker deletes unfinished ones silently
public record ShareGroupSettings(
    Duration lock, int deliveryLimit, int maxRecordLocks, Duration retention) {

  static final Duration MIN_RETENTION = Duration.ofDays(1);

  /// The broker accepts a group's own value only above these (its defaults).
  private static final int MIN_LOCKS = 100;

  private static final int MAX_LOCKS = 10_000;
  private static final int MIN_DELIVERIES = 2;
  private static final int MAX_DELIVERIES = 25;
  private static final Duration MIN_LOCK = Duration.ofSeconds(1);
  private static final Duration MAX_LOCK = Duration.ofHours(1);

  public ShareGroupSettings {
    Checks.between("Kafka lock", lock, MIN_LOCK, MAX_LOCK);
    Checks.between("Kafka delivery limit", deliveryLimit, MIN_DELIVERIES, MAX_DELIVERIES);
    Checks.between("Kafka record locks", maxRecordLocks, MIN_LOCKS, MAX_LOCKS);
    Checks.between("Kafka retention", retention, MIN_RETENTION, Duration.ofDays(365));
  }

  public static ShareGroupSettings defaults() {
    return new ShareGroupSettings(Duration.ofSeconds(15), 10, MAX_LOCKS, Duration.ofDays(2));
  }

  public ShareGroupSettings withLock(Duration value) {
    return new ShareGroupSettings(value, deliveryLimit, maxRecordLocks, retention);
  }

  public ShareGroupSettings withDeliveryLimit(int value) {
    return new ShareGroupSettings(lock, value, maxRecordLocks, retention);
  }

  /// The group settings that must hold, by the broker's names.
  Map<String, String> required() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("share.auto.offset.reset", "earliest");
    settings.put("share.record.lock.duration.ms", Long.toString(lock.toMillis()));
    settings.put("share.delivery.count.limit", Integer.toString(deliveryLimit));
    settings.put("share.renew.acknowledge.enable", "true");
    settings.put("share.partition.max.record.locks", Integer.toString(maxRecordLocks));
    settings.put("errors.deadletterqueue.topic.name", QueueNames.DEAD_LETTERS);
    settings.put("errors.deadletterqueue.copy.record.enable", "true");
    return settings;
  }

  /// Settings that make it faster but that nothing depends on: with the default interval a new
  /// holder gets its first record after 5 s, with 0 after some 30 ms.
  Map<String, String> wished() {
    return Map.of("share.assignment.interval.ms", "0");
  }
}
