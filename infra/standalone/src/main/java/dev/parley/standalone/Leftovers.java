package dev.parley.standalone;

import dev.parley.shared.config.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The children of an `up` that was killed: they are written down as they start, and the next `up`
/// on the same data ends them before it starts its own. A process is ours only if its pid *and* its
/// start time are the ones written down.
final class Leftovers {
  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
  private static final Duration GRACE = Duration.ofSeconds(20);
  private static final Duration CLOCK_ROUNDING = Duration.ofSeconds(1);

  private Leftovers() {}

  /// Writes down who runs now: a line `name pid startMillis` for each child.
  static void record(Path file, List<ChildProcess> children) {
    var text =
        children.stream()
            .map(child -> child.name() + " " + child.pid() + " " + child.startMillis().orElse(0L))
            .collect(Collectors.joining("\n", "", "\n"));
    try {
      var aside = file.resolveSibling(file.getFileName() + ".new");
      Files.writeString(aside, text);
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be written", e);
    }
  }

  /// Ends those that still run, and waits until they are gone.
  static void end(Path file) {
    if (!Files.exists(file)) {
      return;
    }
    try (var lines = Files.lines(file)) {
      var left = lines.map(Leftovers::running).flatMap(Optional::stream).toList();
      left.forEach(ProcessHandle::destroy);
      left.forEach(Leftovers::awaitEnd);
    } catch (IOException e) {
      throw new ConfigException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static Optional<ProcessHandle> running(String line) {
    var parts = line.split(" ", -1);
    if (parts.length != 3 || !parts[1].matches("\\d+") || !parts[2].matches("\\d+")) {
      return Optional.empty();
    }
    long started = Long.parseLong(parts[2]);
    return ProcessHandle.of(Long.parseLong(parts[1]))
        .filter(process ->
            process
                .info()
                .startInstant()
                .map(instant -> Math.abs(instant.toEpochMilli() - started))
                .filter(off -> off <= CLOCK_ROUNDING.toMillis())
                .isPresent())
        .map(process -> {
          LOG.info("{} ({}) is left from before; ending it", parts[0], parts[1]);
          return process;
        });
  }

  private static void awaitEnd(ProcessHandle process) {
    try {
      process.onExit().get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.warn("{} did not stop in {} s; killing it", process.pid(), GRACE.toSeconds(), e);
      process.destroyForcibly();
    } catch (ExecutionException e) {
      throw new IllegalStateException("waiting for a process cannot fail", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
