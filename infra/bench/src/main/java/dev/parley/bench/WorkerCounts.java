package dev.parley.bench;

import dev.parley.standalone.Node;
import dev.parley.worker.engine.PrefixMiss;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What workers of ours say in their metrics about the prompts that they have computed.
///
/// @param promptTokens of all prompts
/// @param reusedTokens of them, those that were not computed again
/// @param misses prompts that were computed from their first token on, by the reason
/// @param preemptions answers that had to make way for a while
record WorkerCounts(
    long promptTokens, long reusedTokens, Map<PrefixMiss, Long> misses, long preemptions) {
  static final WorkerCounts NONE = new WorkerCounts(0, 0, Map.of(), 0);

  WorkerCounts {
    misses = Map.copyOf(misses);
  }

  /// Since they were started.
  static WorkerCounts of(List<Node> workers) {
    Map<PrefixMiss, Long> misses = new EnumMap<>(PrefixMiss.class);
    for (PrefixMiss reason : PrefixMiss.values()) {
      String label = "reason=\"" + reason.label() + '"';
      misses.put(reason, sum(workers, "parley_prefix_misses_total", label));
    }
    return new WorkerCounts(
        sum(workers, "parley_prompt_tokens_total"),
        sum(workers, "parley_prompt_tokens_reused_total"),
        misses,
        sum(workers, "parley_preemptions_total"));
  }

  private static long sum(List<Node> workers, String metric, String... labels) {
    return (long) workers.stream().mapToDouble(worker -> worker.metric(metric, labels)).sum();
  }

  WorkerCounts plus(WorkerCounts more) {
    return combined(more, 1);
  }

  /// What came since these earlier ones.
  WorkerCounts since(WorkerCounts earlier) {
    return combined(earlier, -1);
  }

  private WorkerCounts combined(WorkerCounts other, int sign) {
    Map<PrefixMiss, Long> all = new EnumMap<>(PrefixMiss.class);
    all.putAll(misses);
    other.misses.forEach((reason, count) -> all.merge(reason, sign * count, Long::sum));
    return new WorkerCounts(
        promptTokens + sign * other.promptTokens,
        reusedTokens + sign * other.reusedTokens,
        all,
        preemptions + sign * other.preemptions);
  }

  /// In words.
  String describe() {
    String reasons =
        misses.entrySet().stream()
            .filter(miss -> miss.getValue() > 0)
            .sorted(Map.Entry.comparingByKey())
            .map(miss -> miss.getValue() + " " + miss.getKey().label())
            .collect(Collectors.joining(", "));
    return "%d of %d prompt tokens were not computed again; prompts computed from their first token on: %s; answers that made way for others: %d."
        .formatted(reusedTokens, promptTokens, reasons.isEmpty() ? "none" : reasons, preemptions);
  }
}
