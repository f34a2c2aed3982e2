package dev.parley.standalone;

import dev.parley.shared.config.Setting;
import dev.parley.shared.config.Settings;
import dev.parley.shared.runtime.ServerMain;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `parley up`: everything on this machine.
@Command(
    name = "up",
    description = "Everything on this machine: Kafka, Redis, workers, and a gateway with the page.",
    mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
  private static final Duration STOP_GRACE = Duration.ofMinutes(2);

  private final Map<Setting<?>, String> options = new HashMap<>();

  @Option(names = "--model", paramLabel = "FILE|NAME", description = "The model.")
  void model(String value) {
    options.put(Settings.MODEL, value);
  }

  @Option(names = "--workers", paramLabel = "N", description = "Worker processes.")
  void workers(String value) {
    options.put(Settings.WORKERS, value);
  }

  @Option(names = "--slots", paramLabel = "N", description = "Answers at once, per worker.")
  void slots(String value) {
    options.put(Settings.SLOTS, value);
  }

  @Option(names = "--port", paramLabel = "PORT", description = "The page's port.")
  void port(String value) {
    options.put(Settings.PORT, value);
  }

  @Option(names = "--data", paramLabel = "DIR", description = "Where everything is kept.")
  void data(String value) {
    options.put(Settings.DATA, value);
  }

  @Option(names = "--engine", paramLabel = "llama|fake|URL", description = "What answers.")
  void engine(String value) {
    options.put(Settings.ENGINE, value);
  }

  @Override
  public Integer call() {
    return ServerMain.run(
        "everything",
        options,
        STOP_GRACE,
        (config, lifecycle) -> new Up(config, lifecycle).start());
  }
}
