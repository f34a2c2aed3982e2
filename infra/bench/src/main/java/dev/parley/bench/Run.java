package dev.parley.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/// One peer's run of a scenario.
///
/// @param values of the scenario's metrics; one that could not be measured is missing
record Run(Map<Metric, Double> values, List<Reply> replies) {
  Run {
    values = Map.copyOf(values);
    replies = List.copyOf(replies);
  }

  /// Gathers a run's values.
  static final class Builder {
    private final List<Reply> replies;
    private final Map<Metric, Double> values = new LinkedHashMap<>();

    Builder(List<Reply> replies) {
      this.replies = replies;
    }

    Builder value(Metric metric, OptionalDouble value) {
      value.ifPresent(number -> values.put(metric, number));
      return this;
    }

    Builder value(Metric metric, double value) {
      values.put(metric, value);
      return this;
    }

    Run build() {
      return new Run(values, replies);
    }
  }
}
