package dev.parley.gateway;

import dev.parley.shared.config.Config;
import dev.parley.shared.config.Setting;
import dev.parley.shared.config.Settings;
import dev.parley.shared.runtime.Logging;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `parley gateway`: takes messages in and shows answers, on the configured Kafka and Redis.
@Command(
    name = "gateway",
    description = "One gateway with the web page on the Kafka and Redis that the settings name.",
    mixinStandardHelpOptions = true)
final class GatewayCommand implements Callable<Integer> {
  private final Map<Setting<?>, String> options = new HashMap<>();

  @Option(names = "--port", paramLabel = "PORT", description = "Port of the page and the API.")
  void port(String value) {
    options.put(Settings.PORT, value);
  }

  @Override
  public Integer call() throws InterruptedException {
    Config config = Config.load(System.getenv(), options);
    Logging.configure(config);
    return GatewayMain.run(config);
  }
}
