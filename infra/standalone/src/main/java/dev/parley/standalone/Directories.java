package dev.parley.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Whole directories, with all in them.
public final class Directories {
  private Directories() {}

  /// Deletes it, if it is there.
  public static void delete(Path directory) {
    try {
      for (Path file : below(directory).reversed()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(directory + " cannot be removed", e);
    }
  }

  /// @param to not there yet
  public static void copy(Path from, Path to) {
    try {
      for (Path file : below(from)) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(from + " cannot be copied", e);
    }
  }

  /// The directory and all in it, parents first.
  private static List<Path> below(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files.sorted(Comparator.naturalOrder()).toList();
    }
  }
}
