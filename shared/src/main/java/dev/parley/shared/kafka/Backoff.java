package dev.parley.shared.kafka;

import java.time.Duration;

/// The wait before the next try of something that failed: doubled each time, up to a limit, and
/// back to the first after a success. Not thread-safe.
public final class Backoff {
  private final Duration first;
  private final Duration last;
  private Duration next;

  public Backoff(Duration first, Duration last) {
    Checks.between("first backoff", first, Duration.ofMillis(1), last);
    this.first = first;
    this.last = last;
    this.next = first;
  }

  public Backoff(KafkaTimes times) {
    this(times.firstBackoff(), times.lastBackoff());
  }

  /// How long to wait after the failure that just happened.
  public Duration failed() {
    Duration wait = next;
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(last) > 0 ? last : doubled;
    return wait;
  }

  public void succeeded() {
    next = first;
  }
}
