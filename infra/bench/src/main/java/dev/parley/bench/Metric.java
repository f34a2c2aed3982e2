package dev.parley.bench;

/// What a scenario reads off a run.
///
/// @param unit `s`, `tokens/s`, `count`
/// @param better which of two values is the better one
record Metric(String name, String unit, Better better) {

  /// What an engine wants of it.
  enum Better {
    LOWER,
    HIGHER
  }

  static Metric lower(String name, String unit) {
    return new Metric(name, unit, Better.LOWER);
  }

  static Metric higher(String name, String unit) {
    return new Metric(name, unit, Better.HIGHER);
  }

  boolean isBetter(double one, double than) {
    return better == Better.LOWER ? one < than : one > than;
  }
}
