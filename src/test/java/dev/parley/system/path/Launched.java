package dev.parley.system.path;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.standalone.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A program that runs, or ran, with what it wrote.
final class Launched implements AutoCloseable {
  private static final int HEAP_MIB = 192;
  private static final int END_LIMIT_SECONDS = 300;

  private final Process process;
  private final Path out;
  private final Path err;

  private Launched(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /// A verb of Parley's command line.
  static Launched run(Path directory, String name, String... arguments) {
    return run(directory, name, Map.of(), arguments);
  }

  /// The same with more in its environment.
  static Launched run(Path directory, String name, Map<String, String> more, String... arguments) {
    List<String> line =
        new ArrayList<>(Programs.java(HEAP_MIB, "dev.parley.standalone.Main", arguments));
    line.add(1, "-XX:TieredStopAtLevel=1");
    return program(directory, name, more, line);
  }

  /// Any program; what it asks of this machine does not go through a proxy.
  static Launched program(Path directory, String name, List<String> line) {
    return program(directory, name, Map.of(), line);
  }

  private static Launched program(
      Path directory, String name, Map<String, String> more, List<String> line) {
    Path out = directory.resolve(name + ".out");
    Path err = directory.resolve(name + ".err");
    var builder =
        new ProcessBuilder(line)
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    var environment = builder.environment();
    environment.keySet().removeIf(variable -> variable.startsWith("PARLEY_"));
    for (String variable : List.of("NO_PROXY", "no_proxy")) {
      environment.merge(variable, "127.0.0.1", (others, one) -> others + "," + one);
    }
    environment.putAll(more);
    try {
      return new Launched(builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /// `kill -9`.
  void kill() {
    var _ = process.destroyForcibly();
    var _ = awaitExit();
  }

  /// Its exit code, once it has ended.
  int awaitExit() {
    try {
      if (!process.waitFor(END_LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("it does not end: " + err());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  String out() {
    return read(out);
  }

  String err() {
    return read(err);
  }

  @Override
  public void close() {
    process.destroy();
    var _ = awaitExit();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
