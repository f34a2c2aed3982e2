package dev.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the scripts that build native code say when they cannot.
final class NativeBuildsTest {
  /// Maven runs a module's tests in its directory.
  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

  private record Result(int code, String output) {}

  private static Result run(Path home, String... line) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(line));
    words.set(0, ROOT.resolve(line[0]).toString());
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().put("PARLEY_HOME", home.toString());
    Process process = builder.start();
    try (InputStream out = process.getInputStream()) {
      String output = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), output.strip());
    }
  }

  @Test
  void an_architecture_that_is_none_is_refused_with_one_line(@TempDir Path home) throws Exception {
    for (String[] line :
        List.of(
            new String[] {"infra/gpu/build-libllama.sh"},
            new String[] {"infra/gpu/build-libllama.sh", "--arch"},
            new String[] {"infra/gpu/build-libllama.sh", "--arch", "hopper"},
            new String[] {"infra/gpu/build-libllama.sh", "--arch", "90", "--fast"})) {
      Result result = run(home, line);

      assertThat(result.code()).isEqualTo(2);
      assertThat(result.output()).startsWith("build-libllama.sh: usage: ").hasLineCount(1);
    }
  }

  @Test
  void without_the_libraries_the_scripts_say_how_to_fetch_them(@TempDir Path home)
      throws Exception {
    for (String[] line :
        List.of(
            new String[] {"infra/bench/build-llama-server.sh"},
            new String[] {"infra/gpu/build-libllama.sh", "--arch", "90", "--configure-only"})) {
      Result result = run(home, line);

      assertThat(result.code()).isEqualTo(2);
      assertThat(result.output()).hasLineCount(1);
    }
  }
}
