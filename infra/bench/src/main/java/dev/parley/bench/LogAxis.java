package dev.parley.bench;

import java.util.List;
import java.util.stream.IntStream;

/// A logarithmic axis over whole decades.
///
/// @param from the first decade: -3 stands for 0.001
/// @param to the last
/// @param start pixel of the first decade
/// @param end pixel of the last, may be smaller
record LogAxis(int from, int to, double start, double end) {
  LogAxis {
    if (from >= to) {
      throw new IllegalArgumentException(
          "an axis has at least one decade, not " + from + ".." + to);
    }
  }

  /// Covers all values.
  static LogAxis over(List<Double> values, double start, double end) {
    double least = values.stream().mapToDouble(v -> v).min().orElse(1);
    double most = values.stream().mapToDouble(v -> v).max().orElse(1);
    int from = (int) Math.floor(Math.log10(least));
    return new LogAxis(from, Math.max(from + 1, (int) Math.ceil(Math.log10(most))), start, end);
  }

  /// The pixel of a value; one outside is put to the end.
  double at(double value) {
    double share = (Math.log10(Math.max(value, 1e-9)) - from) / (to - from);
    return start + Math.clamp(share, 0, 1) * (end - start);
  }

  List<Double> decades() {
    return IntStream.rangeClosed(from, to).mapToObj(decade -> Math.pow(10, decade)).toList();
  }
}
