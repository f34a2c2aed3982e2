package dev.parley.worker.prefix;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Keeps all keys' files together below a limit: the longest not used go first, and whatever was not used for
/// too long.
final class FolderLimit {
  /// Each has a header that every worker keeps in memory.
  static final int MOST_FILES = 4096;

  /// A temporary file that is older has lost its writer.
  private static final Duration ABANDONED = Duration.ofHours(1);

  private final PrefixFiles.Options options;
  private final PrefixFileCounters counters;

  FolderLimit(PrefixFiles.Options options, PrefixFileCounters counters) {
    this.options = options;
    this.counters = counters;
  }

  /// @param at its last use
  private record Used(Path file, long bytes, FileTime at) {}

  void enforce() throws IOException {
    List<Used> files = new ArrayList<>();
    for (Path folder : folders()) {
      files.addAll(used(folder, PrefixFolder.SUFFIX));
      deleteAbandoned(used(folder, PrefixFolder.TEMPORARY));
    }
    files.sort(Comparator.comparing(Used::at).reversed());
    FileTime oldest = ago(options.unused());
    long bytes = 0;
    for (int i = 0; i < files.size(); i++) {
      Used file = files.get(i);
      bytes += file.bytes();
      boolean tooMuch = bytes > options.mostBytes() || i >= MOST_FILES;
      if ((tooMuch || file.at().compareTo(oldest) < 0) && Files.deleteIfExists(file.file())) {
        counters.deleted.increment();
      }
    }
  }

  private List<Path> folders() throws IOException {
    List<Path> folders = new ArrayList<>();
    try (DirectoryStream<Path> stream =
        Files.newDirectoryStream(options.root(), Files::isDirectory)) {
      stream.forEach(folders::add);
    } catch (NoSuchFileException e) {
      return List.of();
    }
    return folders;
  }

  private static List<Used> used(Path folder, String ending) throws IOException {
    List<Used> files = new ArrayList<>();
    for (Path file : PrefixFolder.list(folder, ending)) {
      used(file).ifPresent(files::add);
    }
    return files;
  }

  /// Empty when another one has deleted it.
  private static Optional<Used> used(Path file) throws IOException {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(new Used(file, attributes.size(), attributes.lastModifiedTime()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static FileTime ago(Duration time) {
    return FileTime.from(Instant.now().minus(time));
  }

  private static void deleteAbandoned(List<Used> temporary) throws IOException {
    FileTime limit = ago(ABANDONED);
    for (Used file : temporary) {
      if (file.at().compareTo(limit) < 0) {
        Files.deleteIfExists(file.file());
      }
    }
  }
}
