package dev.parley.worker.schedule;

/// An exponential average: of the last few values, the latest the most.
final class RecentAverage {
  private static final double WEIGHT_OF_NEW = 0.3;

  private boolean begun;
  private double value;

  void add(double next) {
    value = begun ? value + WEIGHT_OF_NEW * (next - value) : next;
    begun = true;
  }

  /// 0 before the first.
  double value() {
    return value;
  }
}
