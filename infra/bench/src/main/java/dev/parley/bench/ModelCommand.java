package dev.parley.bench;

import dev.parley.shared.config.Config;
import dev.parley.shared.fetch.Assets;
import dev.parley.shared.fetch.KnownModel;
import dev.parley.shared.testing.GgufWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `parley bench model`: writes a [SyntheticModel].
@Command(
    name = "model",
    description = "Writes a model of random weights, for speed only: it says nothing of any sense.",
    mixinStandardHelpOptions = true)
final class ModelCommand implements Callable<Integer> {
  private static final long SEED = 1;
  private static final double GIGA = 1e9;

  @Option(
      names = "--shape",
      required = true,
      paramLabel = "NAME",
      description = "Its dimensions: llama-8b (those of Llama-3.1-8B, 8.5 GB), tiny (9 MB).")
  private String shape = "";

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "A GGUF file.")
  private Path file = Path.of("");

  @Option(names = "--seed", paramLabel = "N", description = "Of the weights (default 1).")
  private long seed = SEED;

  @Override
  public Integer call() {
    write(ModelShape.named(shape), file, seed, Assets.of(Config.load()));
    return 0;
  }

  /// The model of a shape under `PARLEY_HOME`, which is made when it is not there.
  static Path inHome(ModelShape shape, Path home, Assets assets) {
    Path file = home.resolve("models").resolve("synthetic-" + shape.name() + ".gguf");
    if (!Files.exists(file)) {
      write(shape, file, SEED, assets);
    }
    return file.toAbsolutePath();
  }

  private static void write(ModelShape shape, Path file, long seed, Assets assets) {
    try {
      Path tokenizer = assets.model(KnownModel.all().getFirst().name());
      GgufWriter model = SyntheticModel.of(shape, tokenizer, seed);
      System.err.printf(
          "Writing %s: %.3f billion random weights, %.3f GB%n",
          file, model.parameters() / GIGA, model.bytes() / GIGA);
      model.write(file);
    } catch (IOException e) {
      throw new UncheckedIOException("the model " + file + " cannot be written", e);
    }
  }
}
