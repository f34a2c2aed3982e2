package dev.parley.bench;

import dev.parley.shared.config.Config;
import dev.parley.shared.config.Settings;
import dev.parley.shared.fetch.Assets;
import dev.parley.standalone.StartException;
import dev.parley.worker.llama.KvType;
import dev.parley.worker.llama.Llama;
import dev.parley.worker.llama.LlamaModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `parley bench kv` (scenario G): what a KV cache of fewer bits saves, and what it costs in quality.
@Command(
    name = "kv",
    description = "Memory and perplexity of the KV cache's number formats.",
    mixinStandardHelpOptions = true)
final class KvBench implements Callable<Integer> {
  private static final int ALL_LAYERS = -1;
  private static final double PERCENT = 100;

  /// Slots that [#slots] compares.
  private static final int SLOTS = 8;

  private static final double MEMORY = 0.535;
  private static final double CHANGE_PERCENT = 0.1;
  private static final int ENOUGH_TOKENS = 20_000;

  @Mixin private ReportOut out = new ReportOut();

  @Option(
      names = "--text",
      required = true,
      paramLabel = "FILE",
      description = "What is foretold: 50,000 tokens of any text make 20,000 that count.")
  private Path text = Path.of("");

  @Option(names = "--model", paramLabel = "FILE or NAME", description = "The model.")
  private String model = "smollm2-135m";

  @Override
  public Integer call() {
    Config config = Config.load();
    Assets assets = Assets.of(config);
    int threads = config.find(Settings.THREADS).orElse(Runtime.getRuntime().availableProcessors());
    Map<KvType, Perplexity.Result> results = new EnumMap<>(KvType.class);
    try (LlamaModel loaded =
        Llama.open(assets.libraries()).loadModel(assets.model(model), ALL_LAYERS)) {
      int[] tokens = loaded.vocab().tokenize(read(), false);
      for (KvType type : KvType.values()) {
        Perplexity.Result result = Perplexity.measure(loaded, type, threads, tokens);
        if (result.counted() < ENOUGH_TOKENS) {
          throw new StartException(
              "--text %s: its %d tokens let %d be foretold, and %d are wanted: name a longer one."
                  .formatted(text, tokens.length, result.counted(), ENOUGH_TOKENS));
        }
        System.err.printf(
            "%s: perplexity %.4f in %.0f s%n",
            type.settingName(), result.perplexity(), result.seconds());
        results.put(type, result);
      }
    }
    out.write(report(results));
    return 0;
  }

  private String read() {
    try {
      return Files.readString(text);
    } catch (IOException e) {
      throw new StartException("--text %s cannot be read: %s".formatted(text, e));
    }
  }

  private BenchReport report(Map<KvType, Perplexity.Result> results) {
    Perplexity.Result base = of(results, KvType.F16);
    BenchReport.Builder report =
        new BenchReport.Builder("kv")
            .setting("model", model)
            .setting("text", "%s, %d tokens foretold".formatted(text.getFileName(), base.counted()))
            .setting("windows", Perplexity.WINDOW + " tokens, of which the second half counts");
    for (KvType type : KvType.values()) {
      Perplexity.Result result = of(results, type);
      String name = type.settingName();
      report.figure(single(name + ", KV cache", "bytes a token", (double) result.bytesPerToken()));
      report.figure(single(name + ", perplexity", "", result.perplexity()));
      report.figure(single(name + ", time for all", "s", result.seconds()));
      if (type != KvType.F16) {
        double memory = (double) result.bytesPerToken() / base.bytesPerToken();
        Figure share = report.headline(single(name + ", memory over f16", "times", memory));
        Figure change =
            report.headline(
                single(
                    name + ", perplexity over f16",
                    "%",
                    PERCENT * (result.perplexity() / base.perplexity() - 1)));
        report.figure(single(name + ", slots in the memory of 8 of f16", "slots", slots(memory)));
        if (type == KvType.Q8_0) {
          report.target(Target.atMost(share, MEMORY));
          report.target(Target.atMost(change, CHANGE_PERCENT));
        }
      }
    }
    return report.build();
  }

  private static double slots(double memory) {
    return Math.floor(SLOTS / memory);
  }

  private static Figure single(String name, String unit, double value) {
    return Figure.median(name, unit, List.of(value));
  }

  private static Perplexity.Result of(Map<KvType, Perplexity.Result> results, KvType type) {
    Perplexity.Result result = results.get(type);
    if (result == null) {
      throw new IllegalStateException(type + " was not measured");
    }
    return result;
  }
}
