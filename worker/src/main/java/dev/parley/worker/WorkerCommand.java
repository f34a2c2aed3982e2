package dev.parley.worker;

import dev.parley.shared.config.Setting;
import dev.parley.shared.config.Settings;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `parley worker`: answers prompts from the configured Kafka and Redis.
@Command(
    name = "worker",
    description = "One worker on the Kafka and Redis that the settings name.",
    mixinStandardHelpOptions = true)
final class WorkerCommand implements Callable<Integer> {
  private final Map<Setting<?>, String> options = new HashMap<>();
  private Optional<Integer> servePort = Optional.empty();

  @Option(names = "--model", paramLabel = "FILE|NAME", description = "The model.")
  void model(String value) {
    options.put(Settings.MODEL, value);
  }

  @Option(names = "--slots", paramLabel = "N", description = "Answers at once.")
  void slots(String value) {
    options.put(Settings.SLOTS, value);
  }

  @Option(names = "--engine", paramLabel = "llama|fake|URL", description = "What answers.")
  void engine(String value) {
    options.put(Settings.ENGINE, value);
  }

  @Option(names = "--port", paramLabel = "PORT", description = "Health and metrics; 0: a free one.")
  void port(String value) {
    options.put(Settings.WORKER_PORT, value);
  }

  @Option(
      names = "--serve",
      paramLabel = "PORT",
      description = "The engine alone behind /v1/chat/completions, without Kafka and Redis.")
  void serve(int port) {
    servePort = Optional.of(port);
  }

  @Override
  public Integer call() {
    return servePort.isPresent()
        ? ServeMain.run(options, servePort.get())
        : WorkerMain.run(options);
  }
}
