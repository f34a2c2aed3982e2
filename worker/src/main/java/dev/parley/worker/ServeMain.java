package dev.parley.worker;

import dev.parley.shared.config.Config;
import dev.parley.shared.config.HttpBind;
import dev.parley.shared.config.ModelName;
import dev.parley.shared.config.Setting;
import dev.parley.shared.config.Settings;
import dev.parley.shared.runtime.Lifecycle;
import dev.parley.shared.runtime.ServerMain;
import dev.parley.shared.wire.Sampling;
import dev.parley.worker.engine.EngineSettings;
import dev.parley.worker.engine.StepWatchdog;
import dev.parley.worker.serve.EngineServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Wires the engine alone behind HTTP (`worker --serve PORT`): no Kafka, no Redis, no keys, and therefore
/// for this machine only.
final class ServeMain {
  private static final Logger LOG = LoggerFactory.getLogger(ServeMain.class);
  private static final String LOOPBACK = "127.0.0.1";
  private static final Duration GRACE = Duration.ofSeconds(15);

  private ServeMain() {}

  /// Serves until it is told to stop.
  ///
  /// @param port 0 takes a free one, which the log names
  /// @return exit code
  static int run(Map<Setting<?>, String> options, int port) {
    return ServerMain.run("engine", options, GRACE, (config, parts) -> start(config, parts, port));
  }

  private static void start(Config config, Lifecycle lifecycle, int port) {
    EngineServer server =
        lifecycle.started(
            "engine server",
            EngineServer.start(
                ModelName.of(config),
                new HttpBind(LOOPBACK, port, List.of()),
                listener ->
                    EngineChoice.start(config, EngineSettings.DEFAULT.maxWaiting(), listener),
                new Sampling(config.get(Settings.MAX_TOKENS), 0.7, 0.95, 40, 0, 0, List.of())));
    lifecycle.started(
        "watchdog", StepWatchdog.start(server.engine(), DeviceDefaults.of(config).maxStep(config)));
    LOG.info("{}", server.engine().info());
    LOG.info("http://{}:{}/v1/chat/completions", LOOPBACK, server.port());
  }
}
