package dev.parley.shared.fetch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Runs `npm`, `pip` and `tar` in a directory of its own and says how far they are.
final class PackageClient {
  private static final Duration LIMIT = Duration.ofMinutes(60);
  private static final Duration REPORT_EVERY = Duration.ofSeconds(2);
  private static final int TAIL_CHARS = 600;

  private final Consumer<String> progress;

  PackageClient(Consumer<String> progress) {
    this.progress = progress;
  }

  /// Runs a command to its end.
  ///
  /// @param directory where it works and keeps its temporary files
  /// @param what for messages: `the model smollm2-135m`
  /// @param bytes how much will come, 0 when nothing does
  /// @param instead what the user can do without this command
  void run(Path directory, List<String> command, String what, long bytes, String instead) {
    var log = directory.resolve("client.log");
    Process process = start(directory, command, log, what, instead);
    try {
      long deadline = System.nanoTime() + LIMIT.toNanos();
      while (!process.waitFor(REPORT_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        if (System.nanoTime() > deadline) {
          throw new FetchException(
              what + " was not fetched within " + LIMIT.toMinutes() + " minutes. " + instead);
        }
        progress.accept(
            "  " + what + ": " + Sizes.mib(sizeOf(directory)) + " of " + Sizes.mib(bytes));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FetchException("Interrupted while fetching " + what + ".", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
    }
    if (process.exitValue() != 0) {
      throw new FetchException(
          command.getFirst() + " could not fetch " + what + ": " + tail(log) + "\n" + instead);
    }
  }

  private static Process start(
      Path directory, List<String> command, Path log, String what, String instead) {
    try {
      var builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
      builder.environment().put("TMPDIR", directory.toString());
      return builder.start();
    } catch (IOException e) {
      throw new FetchException(
          "To fetch " + what + ", " + command.getFirst() + " must be on the PATH. " + instead, e);
    }
  }

  private static long sizeOf(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.mapToLong(PackageClient::size).sum();
    } catch (IOException | UncheckedIOException e) {
      // The client moves its files while we look; the next look says more.
      return 0;
    }
  }

  private static long size(Path file) {
    var plain = file.toFile();
    return plain.isFile() ? plain.length() : 0;
  }

  private static String tail(Path log) {
    try {
      var text = Files.readString(log).strip();
      return text.substring(Math.max(0, text.length() - TAIL_CHARS));
    } catch (IOException e) {
      return "(its output cannot be read: " + e.getMessage() + ")";
    }
  }
}
