package dev.parley.worker;

import dev.parley.shared.config.Config;
import dev.parley.shared.config.ConfigException;
import dev.parley.shared.config.EngineUrl;
import dev.parley.shared.config.Settings;
import dev.parley.shared.fetch.Assets;
import dev.parley.worker.engine.Engine;
import dev.parley.worker.engine.EngineSettings;
import dev.parley.worker.engine.FakeEngine;
import dev.parley.worker.engine.LlamaEngine;
import dev.parley.worker.engine.StepListener;
import dev.parley.worker.llama.LlamaException;
import dev.parley.worker.openai.RemoteEngine;
import dev.parley.worker.openai.RemoteSettings;
import dev.parley.worker.prefix.PrefixFiles;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Starts the engine that the settings name.
final class EngineChoice {
  private EngineChoice() {}

  /// @param maxWaiting requests that may be held beyond the slots
  /// @throws ConfigException with one line that says what is missing or wrong, and what to do
  static Engine start(Config config, int maxWaiting, StepListener listener) {
    Optional<URI> remote = EngineUrl.of(config);
    if (remote.isPresent()) {
      return RemoteEngine.start(remoteSettings(config, remote.get(), maxWaiting), listener);
    }
    try {
      DeviceDefaults device = DeviceDefaults.of(config);
      EngineSettings settings = settings(config, device, maxWaiting);
      return isFake(config)
          ? FakeEngine.start(fakeOptions(config), settings, listener)
          : LlamaEngine.start(llamaOptions(config, device), settings, listener);
    } catch (LlamaException e) {
      throw new ConfigException(String.valueOf(e.getMessage()), e);
    }
  }

  static boolean isFake(Config config) {
    return config.get(Settings.ENGINE).equals("fake");
  }

  private static EngineSettings settings(Config config, DeviceDefaults device, int maxWaiting) {
    return EngineSettings.DEFAULT
        .change()
        .stepTokens(device.stepTokens())
        .interTokenTarget(device.interTokenTarget(config))
        .swapBytes(bytes(config.get(Settings.SWAP)))
        .prefixCacheBytes(bytes(config.get(Settings.PREFIX_CACHE)))
        .prefixFiles(prefixFiles(config))
        .maxWaiting(maxWaiting)
        .stepLogFile(config.find(Settings.STEP_LOG))
        .poisonMarker(config.find(Settings.FAKE_POISON).filter(_ -> isFake(config)))
        .build();
  }

  private static Optional<PrefixFiles.Options> prefixFiles(Config config) {
    Path root = config.get(Settings.DATA).resolve("prefixes");
    return config
        .find(Settings.PREFIX_FILES)
        .filter(mib -> mib > 0)
        .map(mib -> new PrefixFiles.Options(root, bytes(mib), config.get(Settings.HISTORY_EXPIRY)));
  }

  private static long bytes(int mib) {
    return (long) mib << 20;
  }

  private static RemoteSettings remoteSettings(Config config, URI url, int maxWaiting) {
    try {
      return patient(config, RemoteSettings.of(url), maxWaiting);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("PARLEY_ENGINE: " + e.getMessage() + ".", e);
    }
  }

  private static RemoteSettings patient(Config config, RemoteSettings settings, int maxWaiting) {
    return settings
        .withKey(config.find(Settings.REMOTE_KEY))
        .withModel(config.find(Settings.REMOTE_MODEL))
        .withRoom(config.get(Settings.SLOTS), maxWaiting)
        .withPatience(
            Duration.ofSeconds(config.get(Settings.REMOTE_FIRST_TOKEN)),
            Duration.ofSeconds(config.get(Settings.REMOTE_IDLE)),
            config.get(Settings.TURN_DEADLINE));
  }

  private static FakeEngine.Options fakeOptions(Config config) {
    return FakeEngine.Options.DEFAULT
        .withSlots(config.get(Settings.SLOTS))
        .withContextTokens(config.get(Settings.CONTEXT))
        .withTokensPerSecond(config.get(Settings.FAKE_SPEED));
  }

  private static LlamaEngine.Options llamaOptions(Config config, DeviceDefaults device) {
    Assets assets = Assets.of(config);
    return new LlamaEngine.Options(
        assets.libraries(),
        assets.model(config.get(Settings.MODEL)),
        config.get(Settings.SLOTS),
        config.get(Settings.CONTEXT),
        device.kvType(config),
        config.find(Settings.THREADS).orElse(Runtime.getRuntime().availableProcessors()));
  }
}
