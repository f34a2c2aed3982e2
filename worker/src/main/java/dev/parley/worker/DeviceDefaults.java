package dev.parley.worker;

import dev.parley.shared.config.Config;
import dev.parley.shared.config.EngineUrl;
import dev.parley.shared.config.Settings;
import dev.parley.shared.fetch.Assets;
import dev.parley.worker.llama.KvType;
import dev.parley.worker.llama.Llama;
import java.time.Duration;

/// What the device decides where the settings leave it open.
///
/// @param kvType a quantized cache costs a CPU time; on a GPU it is nearly free and doubles the slots
/// @param interTokenTarget what a decoding answer shall wait between two tokens at most
/// @param maxStep far above the slowest honest step
/// @param stepTokens rows of one step when nobody is decoding
record DeviceDefaults(KvType kvType, Duration interTokenTarget, Duration maxStep, int stepTokens) {
  static final DeviceDefaults CPU =
      new DeviceDefaults(KvType.F16, Duration.ofMillis(250), Duration.ofSeconds(60), 256);
  static final DeviceDefaults GPU =
      new DeviceDefaults(KvType.Q8_0, Duration.ofMillis(60), Duration.ofSeconds(20), 512);

  /// Loads the library, if it is this process that computes.
  ///
  /// @throws dev.parley.worker.llama.LlamaException when it cannot be loaded
  static DeviceDefaults of(Config config) {
    boolean computes = EngineUrl.of(config).isEmpty() && !EngineChoice.isFake(config);
    return computes && Llama.open(Assets.of(config).libraries()).usesGpu() ? GPU : CPU;
  }

  /// The limit of one step.
  Duration maxStep(Config config) {
    return config.find(Settings.MAX_STEP).orElse(maxStep);
  }

  Duration interTokenTarget(Config config) {
    return config.find(Settings.ITL_TARGET).map(Duration::ofMillis).orElse(interTokenTarget);
  }

  KvType kvType(Config config) {
    return config.find(Settings.KV_TYPE).map(type -> KvType.valueOf(type.name())).orElse(kvType);
  }
}
