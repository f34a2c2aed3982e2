package dev.parley.bench;

import dev.parley.shared.config.Config;
import dev.parley.shared.config.Settings;
import dev.parley.standalone.StartException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A GPU of this machine, as its driver describes it.
///
/// @param capability compute capability: `9.0`
record Gpu(String name, String capability) {
  /// The driver's own tool.
  static final String TOOL = "nvidia-smi";

  private static final String BACKEND = "libggml-cuda.so";

  /// All of this machine, at least one.
  ///
  /// @param tool the program that is asked
  /// @throws StartException when there is none
  static List<Gpu> all(String tool) {
    List<Gpu> found =
        ask(tool, "--query-gpu=name,compute_cap", "--format=csv,noheader")
            .lines()
            .map(line -> line.split(","))
            .filter(fields -> fields.length == 2)
            .map(fields -> new Gpu(fields[0].strip(), fields[1].strip()))
            .toList();
    if (found.isEmpty()) {
      throw new StartException("--gpu: " + tool + " shows no GPU; leave --gpu out to use the CPU.");
    }
    return found;
  }

  private static String ask(String... line) {
    try {
      Process process =
          new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new StartException(
          "--gpu: this machine has no GPU, or its driver's "
              + line[0]
              + " is not on the PATH; leave --gpu out to use the CPU.");
    }
  }

  /// The number by which compilers know it: `90`.
  String architecture() {
    return capability.replace(".", "");
  }

  /// The directory with libraries for it: what `PARLEY_LIB_DIR` names, else what infra/gpu/build-libllama.sh built.
  ///
  /// @throws StartException when they are missing
  Path libraries(Config config) {
    List<Path> places =
        config
            .find(Settings.LIB_DIR)
            .map(List::of)
            .orElseGet(() -> built(config.get(Settings.HOME)));
    return places.stream()
        .filter(place -> Files.exists(place.resolve(BACKEND)))
        .findFirst()
        .orElseThrow(() ->
            new StartException(
                "There is no "
                    + BACKEND
                    + " in "
                    + places.getFirst()
                    + ": run infra/gpu/build-libllama.sh --arch "
                    + architecture()
                    + " once, and unset PARLEY_LIB_DIR."));
  }

  /// An architecture's own instructions have a letter behind its number: `120a`.
  private List<Path> built(Path home) {
    return Stream.of("", "a", "f")
        .map(letter -> home.resolve("libllama-cuda-0.5.0-sm_" + architecture() + letter))
        .toList();
  }
}
