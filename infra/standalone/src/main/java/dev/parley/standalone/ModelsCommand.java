package dev.parley.standalone;

import dev.parley.shared.config.Config;
import dev.parley.shared.fetch.Assets;
import dev.parley.shared.fetch.KnownModel;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `parley models` lists what can be fetched; `parley models fetch NAME` fetches.
@Command(
    name = "models",
    description = "Known models with size, licence, languages and memory.",
    mixinStandardHelpOptions = true,
    subcommands = ModelsCommand.Fetch.class)
final class ModelsCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    for (var model : KnownModel.all()) {
      System.out.printf(
          "%-14s %5d MiB, needs %d MiB of memory, %s, %s%n               %s%n",
          model.name(),
          model.bytes() >> 20,
          model.memoryMib(),
          model.licence(),
          model.languages(),
          model.description());
    }
    System.out.println("Any other GGUF file: --model FILE, or PARLEY_MODEL=FILE.");
    return 0;
  }

  /// Fetches a model and llama.cpp's libraries, and prints where they are.
  @Command(
      name = "fetch",
      description = "Fetches a model and llama.cpp's libraries.",
      mixinStandardHelpOptions = true)
  static final class Fetch implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "The model's name.")
    private String name = "";

    @Override
    public Integer call() {
      var assets = Assets.of(Config.load());
      System.out.println(assets.libraries());
      System.out.println(assets.model(name));
      return 0;
    }
  }
}
