package dev.parley.bench;

import dev.parley.doubles.telegram.TelegramDouble;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// What is reported of a scene in Telegram.
record TelegramFigures(BenchReport.Builder report, String scene, TelegramDouble telegram) {
  private static final double P95 = 95;

  /// How late the first words were that anybody saw.
  Figure first(List<TelegramCrowd.Seen> seen) {
    return percentile("first words p95", seen, TelegramCrowd.Seen::firstMs);
  }

  /// How late the whole text was.
  Figure last(List<TelegramCrowd.Seen> seen) {
    return percentile("last words p95", seen, TelegramCrowd.Seen::lastMs);
  }

  private Figure percentile(
      String what, List<TelegramCrowd.Seen> seen, ToDoubleFunction<TelegramCrowd.Seen> of) {
    List<Double> sorted = seen.stream().map(of::applyAsDouble).sorted().toList();
    int at = (int) Math.ceil(sorted.size() * P95 / 100) - 1;
    return report.headline(Figure.of(scene + ", " + what, "ms", sorted.get(at), sorted));
  }

  /// How often the replies were sent and edited, whether their texts are the engine's, and whether all calls kept to
  /// the limits.
  void answers(List<TelegramCrowd.Seen> seen) {
    report.headline(
        Figure.median(
            scene + ", calls an answer",
            "count",
            seen.stream().map(TelegramCrowd.Seen::calls).toList()));
    none("texts not exact", seen.stream().filter(s -> !s.exact()).count());
    calls();
  }

  /// Whether all calls kept to the limits.
  void calls() {
    none("calls too early", telegram.violations().size());
    telegram.violations().forEach(v -> report.note(scene + ", too early: " + v));
  }

  /// Something that must not be.
  void none(String what, long value) {
    report.target(Target.atMost(count(what, value), 0));
  }

  Figure count(String what, long value) {
    return report.headline(Figure.median(scene + ", " + what, "count", List.of((double) value)));
  }
}
