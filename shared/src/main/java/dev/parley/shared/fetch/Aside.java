package dev.parley.shared.fetch;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.stream.Stream;

/// The directory under `PARLEY_HOME` in which one process at a time prepares what it fetches.
///
/// While it is open it holds a file lock, so that two processes that start together fetch once: the
/// second waits, and then finds everything there. What a killed process left is removed by the
/// next.
final class Aside implements AutoCloseable {
  private final RandomAccessFile lock;
  private final Path directory;

  private Aside(RandomAccessFile lock, Path directory) {
    this.lock = lock;
    this.directory = directory;
  }

  static Aside open(Path home) throws IOException {
    Files.createDirectories(home);
    var lock = new RandomAccessFile(home.resolve("fetch.lock").toFile(), "rw");
    try {
      // Released with the channel, when this closes or the process dies.
      var held = lock.getChannel().lock();
      if (!held.isValid()) {
        throw new IOException("the lock on " + home + " was lost");
      }
      var directory = home.resolve("aside");
      remove(directory);
      return new Aside(lock, Files.createDirectories(directory));
    } catch (IOException e) {
      lock.close();
      throw e;
    }
  }

  Path directory() {
    return directory;
  }

  /// Makes what was prepared visible under its final name, whole or not at all.
  static void publish(Path prepared, Path target) throws IOException {
    Files.createDirectories(target.toAbsolutePath().getParent());
    if (Files.isDirectory(target)) {
      remove(target);
    }
    Files.move(
        prepared, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() throws IOException {
    try (lock) {
      remove(directory);
    }
  }

  private static void remove(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
