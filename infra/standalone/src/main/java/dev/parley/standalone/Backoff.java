package dev.parley.standalone;

import java.time.Duration;

/// How long a child that died waits before its next start: doubling from 200 ms to 10 s, and back
/// to the first once it has run for a minute. Pure: told how long it ran.
final class Backoff {
  static final Duration FIRST = Duration.ofMillis(200);
  static final Duration LONGEST = Duration.ofSeconds(10);
  static final Duration HEALTHY = Duration.ofMinutes(1);

  private Duration next = FIRST;

  /// The pause after a run of this length.
  Duration after(Duration ran) {
    if (ran.compareTo(HEALTHY) >= 0) {
      next = FIRST;
    }
    var pause = next;
    var doubled = next.multipliedBy(2);
    next = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
    return pause;
  }
}
