package dev.parley.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.shared.config.Config;
import dev.parley.worker.llama.KvType;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DeviceDefaultsTest {
  @Test
  void the_device_decides_what_is_not_set() {
    Config config = config(Map.of("PARLEY_ENGINE", "fake"));

    assertThat(DeviceDefaults.of(config)).isEqualTo(DeviceDefaults.CPU);
    assertThat(DeviceDefaults.GPU.kvType(config)).isEqualTo(KvType.Q8_0);
    assertThat(DeviceDefaults.GPU.interTokenTarget(config)).isEqualTo(Duration.ofMillis(60));
    assertThat(DeviceDefaults.GPU.maxStep(config)).isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void what_is_set_holds_on_every_device() {
    Config config =
        config(
            Map.of(
                "PARLEY_KV_TYPE", "q4_0", "PARLEY_ITL_TARGET_MS", "80", "PARLEY_MAX_STEP", "5m"));

    assertThat(DeviceDefaults.GPU.kvType(config)).isEqualTo(KvType.Q4_0);
    assertThat(DeviceDefaults.CPU.interTokenTarget(config)).isEqualTo(Duration.ofMillis(80));
    assertThat(DeviceDefaults.GPU.maxStep(config)).isEqualTo(Duration.ofMinutes(5));
  }

  private static Config config(Map<String, String> settings) {
    return Config.load(settings, Map.of());
  }
}
