package dev.parley.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A running child process in a session of its own, so that a terminal's Ctrl-C reaches only us and
/// we stop the children in order.
public final class ChildProcess implements AutoCloseable {
  private static final boolean HAS_SETSID = Programs.onPath("setsid").isPresent();
  private static final int TAIL_LINES = 12;

  private final Command command;
  private final Process process;

  private ChildProcess(Command command, Process process) {
    this.command = command;
    this.process = process;
  }

  /// How to start a child.
  ///
  /// @param name for people and files: `worker-1`
  /// @param line program and arguments
  /// @param environment what is set beyond our own environment; Parley's own settings are not
  ///     inherited, they must be here
  /// @param directory where it runs
  /// @param log where its output goes, appended
  /// @param grace how long it may take to stop after SIGTERM
  public record Command(
      String name,
      List<String> line,
      Map<String, String> environment,
      Path directory,
      Path log,
      Duration grace) {
    public Command {
      line = List.copyOf(line);
      environment = Map.copyOf(environment);
    }
  }

  /// Starts it.
  public static ChildProcess start(Command command) {
    var line = new ArrayList<String>();
    if (HAS_SETSID) {
      line.add("setsid");
    }
    line.addAll(command.line());
    var builder =
        new ProcessBuilder(line)
            .directory(command.directory().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(command.log().toFile()))
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().keySet().removeIf(name -> name.startsWith("PARLEY_"));
    builder.environment().putAll(command.environment());
    builder.environment().put("GGML_NO_BACKTRACE", "1");
    try {
      Files.createDirectories(command.directory());
      Files.createDirectories(command.log().toAbsolutePath().getParent());
      return new ChildProcess(command, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(command.name() + " cannot be started: " + e.getMessage(), e);
    }
  }

  /// The name it was started under.
  public String name() {
    return command.name();
  }

  /// The process id: `setsid` does not fork, so it is the child's own.
  public long pid() {
    return process.pid();
  }

  /// The process, for what this class does not offer.
  public ProcessHandle handle() {
    return process.toHandle();
  }

  /// Whether it runs.
  public boolean isAlive() {
    return process.isAlive();
  }

  /// Waits for its end and returns its exit code.
  public int waitFor() throws InterruptedException {
    return process.waitFor();
  }

  /// `kill -9`, and waits until it is gone.
  public void kill() {
    process.destroyForcibly();
    awaitEnd(Duration.ofSeconds(30));
  }

  /// SIGTERM; SIGKILL when the grace is over.
  @Override
  public void close() {
    process.destroy();
    if (!awaitEnd(command.grace())) {
      kill();
    }
  }

  /// The last lines of its log, for an error message.
  public String tail() {
    return tail(command.log());
  }

  static String tail(Path log) {
    try (Stream<String> lines = Files.lines(log)) {
      var all = lines.toList();
      return String.join("\n", all.subList(Math.max(0, all.size() - TAIL_LINES), all.size()));
    } catch (IOException | UncheckedIOException e) {
      return "(" + log + " cannot be read)";
    }
  }

  /// When it started, which together with the pid names it for ever.
  Optional<Long> startMillis() {
    return process.info().startInstant().map(instant -> instant.toEpochMilli());
  }

  private boolean awaitEnd(Duration time) {
    try {
      return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
