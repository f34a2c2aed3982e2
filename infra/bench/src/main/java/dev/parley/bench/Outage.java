package dev.parley.bench;

import java.util.List;

/// The pause that a death made in a text that grows steadily.
final class Outage {
  private Outage() {}

  /// From the death to the end of the longest pause that began with it. Where nothing paused, this is
  /// the ordinary time from one growth to the next, and a little.
  ///
  /// @param grown when the text grew, in order
  /// @param diedNanos when the process was killed
  /// @param onItsWayNanos how long after it text that had left before may still arrive; the pause begins
  ///     within this time
  /// @throws IllegalArgumentException when the text did not grow after the pause could begin
  static long nanos(List<Long> grown, long diedNanos, long onItsWayNanos) {
    long longest = -1;
    long end = 0;
    for (int i = 1; i < grown.size(); i++) {
      long before = grown.get(i - 1);
      long after = grown.get(i);
      boolean concerned = after > diedNanos && before <= diedNanos + onItsWayNanos;
      if (concerned && after - before > longest) {
        longest = after - before;
        end = after;
      }
    }
    if (longest < 0) {
      throw new IllegalArgumentException("the text did not grow before and after the death");
    }
    return end - diedNanos;
  }
}
