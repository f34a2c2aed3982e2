package dev.parley.gateway;

import dev.parley.shared.config.Config;
import dev.parley.shared.runtime.StopSignal;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `parley gateway`: one gateway against the Kafka and Redis that the configuration names, until it is
/// asked to stop.
public final class GatewayMain {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayMain.class);

  /// Beyond the drain: closing connections.
  private static final Duration STOP_MARGIN = Duration.ofSeconds(10);

  private GatewayMain() {}

  /// Runs until SIGTERM or Ctrl-C. Logging is set up by the caller.
  ///
  /// @return the exit code
  /// @throws dev.parley.shared.config.ConfigException when it cannot start as configured
  public static int run(Config config) throws InterruptedException {
    GatewaySettings settings = GatewaySettings.from(config);
    StopSignal stop = StopSignal.install(settings.drain().plus(STOP_MARGIN));
    try (Gateway gateway = Gateway.start(settings)) {
      config.describe().forEach(line -> LOG.info("{}", line));
      LOG.info("gateway {} serves {}", gateway.id(), gateway.url());
      stop.await();
      LOG.info("stopping");
    } finally {
      stop.finished();
    }
    return 0;
  }
}
