package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.shared.config.ConfigException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessesTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  @TempDir private Path directory;

  @Test
  void a_second_holder_of_the_data_is_told_who_holds_it() throws IOException {
    try (var first = DataDirectory.hold(directory)) {
      assertThat(first.path()).isEqualTo(directory.toRealPath());
      assertThatThrownBy(() -> DataDirectory.hold(directory))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("process " + ProcessHandle.current().pid())
          .hasMessageContaining("--data");
    }
    DataDirectory.hold(directory).close();
  }

  @Test
  void ports_are_remembered_and_a_taken_one_is_replaced() throws IOException {
    var file = directory.resolve("ports.properties");
    var first = Ports.remembered(file, "a", "b");
    assertThat(first).doesNotHaveDuplicates();
    assertThat(Ports.remembered(file, "a", "b")).isEqualTo(first);
    try (var taken = new ServerSocket(first.getFirst(), 1, InetAddress.getLoopbackAddress())) {
      assertThat(Ports.answers(taken.getLocalPort())).isTrue();
      var second = Ports.remembered(file, "a", "b");
      assertThat(second.getFirst()).isNotEqualTo(first.getFirst());
      assertThat(second.getLast()).isEqualTo(first.getLast());
    }
  }

  @Test
  void the_pause_before_a_restart_doubles_to_a_limit_and_a_long_run_resets_it() {
    var backoff = new Backoff();
    assertThat(backoff.after(Duration.ZERO)).isEqualTo(Backoff.FIRST);
    assertThat(backoff.after(Duration.ZERO)).isEqualTo(Backoff.FIRST.multipliedBy(2));
    for (int i = 0; i < 20; i++) {
      assertThat(backoff.after(Duration.ZERO)).isLessThanOrEqualTo(Backoff.LONGEST);
    }
    assertThat(backoff.after(Backoff.HEALTHY)).isEqualTo(Backoff.FIRST);
  }

  @Test
  void a_child_that_dies_is_started_again_and_a_stopped_one_is_not() {
    var supervisor = Supervisor.start(() -> child("exec tail -f /dev/null"), () -> {});
    var first = supervisor.child();
    first.kill();
    await().atMost(LIMIT).until(() -> supervisor.child().pid() != first.pid());
    supervisor.close();
    assertThat(supervisor.child().isAlive()).isFalse();
  }

  @Test
  void a_child_runs_in_a_session_of_its_own_without_our_settings() throws Exception {
    try (var child = child("echo pid $$ x${PARLEY_SLOTS}x${PARLEY_MODEL}x; ps -o sid= -p $$")) {
      assertThat(child.waitFor()).isZero();
      assertThat(child.tail())
          .contains("pid " + child.pid())
          .contains("xxgiven")
          .endsWith("" + child.pid());
    }
  }

  @Test
  void children_of_a_killed_run_are_ended_by_the_next_and_strangers_are_not() throws Exception {
    var file = directory.resolve("children");
    try (var ours = child("exec tail -f /dev/null");
        var stranger = child("exec tail -f /dev/null")) {
      Leftovers.record(file, List.of(ours));
      Files.writeString(
          file, Files.readString(file) + "reused " + stranger.pid() + " 12345\nnot a line\n");
      Leftovers.end(file);
      ours.waitFor();
      assertThat(ours.isAlive()).isFalse();
      assertThat(stranger.isAlive()).isTrue();
    }
  }

  @Test
  void the_guardian_ends_the_children_when_its_pipe_ends_but_not_after_an_orderly_stop()
      throws Exception {
    try (var child = child("exec tail -f /dev/null");
        var kept = child("exec tail -f /dev/null")) {
      var orderly = Guardian.start();
      orderly.watch(List.of(kept));
      orderly.close();
      var guardian = Guardian.start();
      guardian.watch(List.of(child));
      guardian.abandon();
      child.waitFor();
      assertThat(kept.isAlive()).isTrue();
    }
  }

  private ChildProcess child(String script) {
    return ChildProcess.start(
        new ChildProcess.Command(
            "child",
            List.of("sh", "-c", script),
            Map.of("PARLEY_MODEL", "given"),
            directory,
            directory.resolve("child.log"),
            Duration.ofSeconds(10)));
  }
}
