package dev.parley.worker.llama;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is left of a process in which the library's own assertion fails: one line, and no core.
class AssertionTest {
  /// 128 and SIGABRT.
  private static final int ABORTED = 134;

  @Test
  void a_failed_assertion_ends_the_process_with_one_clear_line(@TempDir Path directory)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                "/bin/sh",
                "-c",
                "ulimit -c 0; exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                AssertingProcess.class.getName(),
                TestModel.libraries().toString(),
                SlidingWindowModel.write(directory).toString())
            .redirectErrorStream(true)
            .start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertThat(process.waitFor()).as("%s", lines).isEqualTo(ABORTED);
    assertThat(lines.getLast())
        .contains("an assertion inside libllama failed", "the process ends", "GGML_ASSERT");
  }
}
