package dev.parley.system.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.standalone.Node;
import dev.parley.standalone.Ports;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// `up`: everything on one machine, watched and found again.
final class UpTest {
  @Test
  void everything_is_kept_running_and_found_again_after_a_crash() throws IOException {
    Path directory = Cluster.fresh("up");
    String port = Integer.toString(Ports.free());
    Chat chat = Chat.with(URI.create("http://127.0.0.1:" + port));
    String first;
    try (Launched up = up(directory, "first", port)) {
      awaitReady(up);
      Chat.Sent sent = chat.send("please write 150 words");
      sent.reader().awaitWords(3);

      assertThat(worker(directory).destroyForcibly()).isTrue();
      first = sent.answer();
      assertThat(first).isEqualTo(Chat.expected("please write 150 words"));

      try (Launched second = up(directory, "second", port)) {
        assertThat(second.awaitExit()).isEqualTo(2);
        assertThat(second.err()).contains("is held by another").contains("--data");
      }
      up.kill();
    }

    try (Launched again = up(directory, "again", port)) {
      awaitReady(again);
      assertThat(chat.history()).hasSize(1);
      assertThat(chat.send("and then 20 words").answer())
          .isEqualTo(Chat.expected("please write 150 words", first, "and then 20 words"));
    }
  }

  private static Launched up(Path directory, String name, String port) {
    return Launched.run(
        directory,
        name,
        "up",
        "--port",
        port,
        "--data",
        directory.resolve("data").toString(),
        "--workers",
        "1",
        "--engine",
        "fake");
  }

  private static void awaitReady(Launched up) {
    await("up is ready")
        .atMost(Node.START_LIMIT)
        .failFast("up ended", () -> !up.isAlive())
        .until(() -> up.err().contains("Parley is ready: http://127.0.0.1:"));
  }

  /// The only worker, as `up` wrote it down: a line `name pid start` for each child.
  private static ProcessHandle worker(Path directory) throws IOException {
    try (var lines = Files.lines(directory.resolve("data").resolve("children"))) {
      return lines
          .map(line -> line.split(" ", -1))
          .filter(child -> child[0].equals("worker-1"))
          .flatMap(child -> ProcessHandle.of(Long.parseLong(child[1])).stream())
          .findFirst()
          .orElseThrow();
    }
  }
}
