package dev.parley.worker.engine;

import dev.parley.worker.prefix.PrefixFileTotals;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/// What an engine measures, whoever brings its requests.
public final class EngineMeters {
  private final Engine engine;
  private final MeterRegistry registry;

  private EngineMeters(Engine engine, MeterRegistry registry) {
    this.engine = engine;
    this.registry = registry;
  }

  /// Registers an engine's meters, and those that only its kind has.
  public static void bind(Engine engine, MeterRegistry registry) {
    EngineMeters meters = new EngineMeters(engine, registry);
    meters.watchTotals();
    meters.watchPrefixes();
    engine.bindTo(registry);
  }

  private void watchTotals() {
    Gauge.builder("parley.turns.running", () -> engine.load().running())
        .description("Answers in a slot now.")
        .register(registry);
    total("parley.prompt.tokens", "Tokens of all prompts.", t -> t.promptTokens());
    total(
        "parley.prompt.tokens.reused",
        "Of them, those that were computed before.",
        t -> t.reusedTokens());
    total("parley.preemptions", "Answers that had to make way for a while.", t -> t.preemptions());
  }

  private void watchPrefixes() {
    for (PrefixMiss reason : PrefixMiss.values()) {
      total(
          "parley.prefix.misses",
          "Prompts that were computed from their first token on.",
          t -> t.misses().getOrDefault(reason, 0L),
          "reason",
          reason.label());
    }
    watchFiles("read", t -> t.read());
    watchFiles("written", t -> t.written());
    watchFiles("skipped", t -> t.skipped());
    watchFiles("unreadable", t -> t.unreadable());
    watchFiles("deleted", t -> t.deleted());
  }

  private void watchFiles(String what, ToDoubleFunction<PrefixFileTotals> value) {
    total(
        "parley.prefix.files",
        "Files with computed beginnings of prompts.",
        t -> value.applyAsDouble(t.files()),
        "what",
        what);
  }

  private void total(
      String name, String what, ToDoubleFunction<EngineTotals> value, String... tags) {
    FunctionCounter.builder(name, engine, e -> value.applyAsDouble(e.totals()))
        .tags(tags)
        .description(what)
        .register(registry);
  }
}
