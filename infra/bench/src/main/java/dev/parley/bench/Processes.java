package dev.parley.bench;

import dev.parley.standalone.Directories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// The processes of a bench and the directory of their data and logs. All end with the bench, also on
/// Ctrl-C.
final class Processes implements AutoCloseable {
  private final Path directory;
  private final List<Runnable> ends = new CopyOnWriteArrayList<>();
  private final Thread atExit = Thread.ofPlatform().name("end-processes").unstarted(this::endAll);

  Processes() {
    try {
      directory = Files.createTempDirectory("parley-bench-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  Path directory() {
    return directory;
  }

  /// Has started something that this ends.
  void started(Runnable end) {
    ends.addFirst(end);
  }

  private void endAll() {
    ends.forEach(Runnable::run);
    ends.clear();
  }

  @Override
  public void close() {
    endAll();
    Runtime.getRuntime().removeShutdownHook(atExit);
    Directories.delete(directory);
  }
}
