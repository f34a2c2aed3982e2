package dev.parley.bench;

import java.time.Duration;
import org.HdrHistogram.Histogram;

/// Durations that were measured, and their percentiles in milliseconds.
final class Samples {
  /// What is kept of a duration: three significant digits, which is far below the noise.
  private static final int DIGITS = 3;

  private static final double MICROS_PER_MS = 1e3;

  private final Histogram micros = new Histogram(DIGITS);

  void add(Duration time) {
    micros.recordValue(Math.max(0, time.toNanos() / 1_000));
  }

  void addAll(Samples others) {
    micros.add(others.micros);
  }

  long count() {
    return micros.getTotalCount();
  }

  /// The smallest sample that at least so many percent do not exceed.
  double percentileMs(double percent) {
    if (count() == 0) {
      throw new IllegalStateException("nothing was measured");
    }
    return micros.getValueAtPercentile(percent) / MICROS_PER_MS;
  }
}
