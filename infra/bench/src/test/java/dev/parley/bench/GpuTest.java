package dev.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.bench.PeerServer.Setup;
import dev.parley.shared.config.Config;
import dev.parley.shared.fetch.Assets;
import dev.parley.standalone.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `parley bench engine --gpu` does before a GPU computes.
final class GpuTest {
  private static final Gpu HOPPER = new Gpu("NVIDIA H200", "9.0");

  @TempDir private Path directory;

  private String tool(String says) throws IOException {
    Path file = Files.writeString(directory.resolve("smi"), "#!/bin/sh\necho '" + says + "'\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return file.toString();
  }

  private Setup setup(boolean gpu) {
    Assets assets = new Assets(directory, Optional.empty(), _ -> {});
    return new Setup(assets, "tiny.gguf", Path.of("llama-server"), 2, gpu);
  }

  @Test
  void the_drivers_tool_names_the_gpus() throws IOException {
    assertThat(Gpu.all(tool("NVIDIA H200, 9.0\nNVIDIA L4, 8.9")))
        .containsExactly(HOPPER, new Gpu("NVIDIA L4", "8.9"));
    assertThat(HOPPER.architecture()).isEqualTo("90");
  }

  @Test
  void a_machine_without_a_gpu_is_told_so() throws IOException {
    assertThatThrownBy(() -> Gpu.all("/nowhere/nvidia-smi"))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("this machine has no GPU")
        .hasMessageContaining("leave --gpu out");
    String none = tool("No devices were found");
    assertThatThrownBy(() -> Gpu.all(none)).hasMessageContaining("shows no GPU");
  }

  @Test
  void libraries_that_are_missing_are_named_with_the_command_that_builds_them() {
    Config config = Config.load(Map.of("PARLEY_HOME", directory.toString()), Map.of());

    assertThatThrownBy(() -> HOPPER.libraries(config))
        .isInstanceOf(StartException.class)
        .hasMessageContaining(directory.resolve("libllama-cuda-0.5.0-sm_90").toString())
        .hasMessageContaining("infra/gpu/build-libllama.sh --arch 90");
  }

  @Test
  void libraries_that_were_built_are_found_with_a_letter_behind_the_number_too()
      throws IOException {
    Config config = Config.load(Map.of("PARLEY_HOME", directory.toString()), Map.of());
    Path built = Files.createDirectory(directory.resolve("libllama-cuda-0.5.0-sm_120a"));
    Files.createFile(built.resolve("libggml-cuda.so"));

    assertThat(new Gpu("NVIDIA GeForce RTX 5090", "12.0").libraries(config)).isEqualTo(built);
  }

  @Test
  void on_a_gpu_llama_server_has_all_layers_there_and_other_settings_beside_the_default() {
    assertThat(setup(true).flags(Peer.BS, Capacity.EIGHT_SLOTS)).contains("-ngl", "99", "-bs");
    assertThat(setup(false).flags(Peer.DEFAULT, Capacity.EIGHT_SLOTS)).doesNotContain("-ngl");
    assertThat(Peer.usual(true)).contains(Peer.BS, Peer.B512).doesNotContain(Peer.B71, Peer.B128);
    assertThat(Peer.usual(false)).contains(Peer.B71, Peer.B128).doesNotContain(Peer.BS, Peer.B512);
  }

  @Test
  void ours_is_given_the_same_on_a_gpu_and_takes_the_rest_from_its_defaults() {
    assertThat(setup(true).settings(Capacity.EIGHT_SLOTS))
        .isEqualTo(setup(false).settings(Capacity.EIGHT_SLOTS))
        .doesNotContainKeys("PARLEY_KV_TYPE", "PARLEY_ITL_TARGET_MS");
  }
}
