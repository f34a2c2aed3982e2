package dev.parley.bench;

import java.util.List;

/// One measured figure.
///
/// @param value what counts: the rounds' median, or what all rounds' samples together give
/// @param min of the rounds
/// @param max of the rounds
/// @param rounds each round's own value
record Figure(String name, String unit, double value, double min, double max, List<Double> rounds) {
  Figure {
    rounds = List.copyOf(rounds);
  }

  /// The median of the rounds.
  static Figure median(String name, String unit, List<Double> rounds) {
    return of(name, unit, medianOf(rounds), rounds);
  }

  /// A value over all rounds, such as a percentile of all samples, beside each round's own.
  static Figure of(String name, String unit, double value, List<Double> rounds) {
    return new Figure(
        name,
        unit,
        value,
        rounds.stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
        rounds.stream().mapToDouble(Double::doubleValue).max().orElseThrow(),
        rounds);
  }

  static double medianOf(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
