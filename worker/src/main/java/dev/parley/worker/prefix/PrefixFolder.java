package dev.parley.worker.prefix;

import dev.parley.worker.llama.SavedSequence;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The files of one key, and what this process knows of them. Thread-safe; whoever calls waits for the disk.
final class PrefixFolder {
  static final String SUFFIX = ".prefix";
  static final String TEMPORARY = ".tmp";

  private static final Logger LOG = LoggerFactory.getLogger(PrefixFolder.class);
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> FOLDER =
      PosixFilePermissions.fromString("rwx------");
  private static final int KEY_DIGITS = 16;

  private final Path root;
  private final Path folder;
  private final String key;
  private final boolean trimmable;
  private final SequenceLoader loader;
  private final PrefixFileCounters counters;

  /// By file name; guarded by this.
  private final Map<String, PrefixHeader> known = new HashMap<>();

  /// Names that are not tried again; guarded by this.
  private final Set<String> refused = new HashSet<>();

  /// @param root of all keys' folders
  /// @param trimmable whether a model can forget the end of what it puts back
  PrefixFolder(
      Path root,
      String key,
      boolean trimmable,
      SequenceLoader loader,
      PrefixFileCounters counters) {
    this.root = root;
    this.folder = root.resolve(hash(key).substring(0, KEY_DIGITS));
    this.key = key;
    this.trimmable = trimmable;
    this.loader = loader;
    this.counters = counters;
  }

  private static String hash(String text) {
    return PrefixHeader.hash(StandardCharsets.UTF_8.encode(text));
  }

  /// Where the files of this key are, once there is one.
  Path path() {
    return folder;
  }

  /// Reads the one that spares most.
  ///
  /// @param beyond what is spared without it
  /// @param spared how many tokens a sequence's cache spares
  Lookup find(String scope, int beyond, ToIntFunction<int[]> spared) throws IOException {
    boolean unreadable = false;
    Optional<PrefixHeader> best = best(scope, beyond, spared);
    while (best.isPresent()) {
      String name = best.get().hash() + SUFFIX;
      try {
        SavedSequence saved = read(name, best.get());
        counters.read.increment();
        return new Lookup.Found(best.get().tokens(), saved);
      } catch (NoSuchFileException e) {
        LOG.debug("{} was deleted while it was wanted", name);
      } catch (IOException e) {
        refuse(name, e);
        unreadable = true;
      }
      best = best(scope, beyond, spared);
    }
    return unreadable ? new Lookup.Unreadable() : new Lookup.Nothing();
  }

  private synchronized Optional<PrefixHeader> best(
      String scope, int beyond, ToIntFunction<int[]> spared) throws IOException {
    refresh();
    Optional<PrefixHeader> best = Optional.empty();
    int most = beyond;
    for (PrefixHeader header : known.values()) {
      int tokens = header.scope().equals(scope) ? spared.applyAsInt(header.tokens()) : 0;
      if (tokens > most) {
        most = tokens;
        best = Optional.of(header);
      }
    }
    return best;
  }

  /// Looks at what the folder holds now.
  private synchronized void refresh() throws IOException {
    Set<String> names = new HashSet<>();
    for (Path file : list(folder, SUFFIX)) {
      names.add(name(file));
    }
    known.keySet().retainAll(names);
    refused.retainAll(names);
    names.removeAll(known.keySet());
    names.removeAll(refused);
    for (String name : names) {
      try (FileChannel file = FileChannel.open(folder.resolve(name))) {
        known.put(name, header(file, name));
      } catch (NoSuchFileException e) {
        LOG.debug("{} was deleted while it was looked at", name);
      } catch (IOException e) {
        refuse(name, e);
      }
    }
  }

  private PrefixHeader header(FileChannel file, String name) throws IOException {
    PrefixHeader header = PrefixHeader.read(file);
    if (!header.key().equals(key) || !name.equals(header.hash() + SUFFIX)) {
      throw new DamagedFileException("it was made for another engine, or has another's name");
    }
    if (file.size() != file.position() + header.stateBytes() + Integer.BYTES) {
      throw new DamagedFileException("it has " + file.size() + " bytes, not what it says");
    }
    return header;
  }

  private SavedSequence read(String name, PrefixHeader wanted) throws IOException {
    Path path = folder.resolve(name);
    try (FileChannel file = FileChannel.open(path)) {
      if (!header(file, name).sameAs(wanted)) {
        throw new DamagedFileException("it is not what it was");
      }
      ChecksumChannel state = new ChecksumChannel(file);
      SavedSequence saved = loader.load(state, wanted.stateBytes());
      try {
        ByteBuffer sum = PrefixHeader.fill(file, ByteBuffer.allocate(Integer.BYTES));
        if (sum.getInt() != state.checksum()) {
          throw new DamagedFileException("its state is damaged");
        }
      } catch (IOException | RuntimeException e) {
        saved.close();
        throw e;
      }
      used(path);
      return saved;
    }
  }

  /// What is damaged goes; what this process may not read stays for others.
  private synchronized void refuse(String name, IOException why) {
    known.remove(name);
    refused.add(name);
    counters.unreadable.increment();
    LOG.warn("the prefix file {} is left aside, its tokens are computed again: {}", name, why);
    if (why instanceof DamagedFileException || why instanceof EOFException) {
      delete(folder.resolve(name));
    }
  }

  private static void used(Path file) {
    try {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    } catch (IOException e) {
      LOG.debug("the use of {} could not be noted", file, e);
    }
  }

  /// Writes a file, in the place of shorter ones that it continues, unless another one holds as much.
  ///
  /// @return whether it was written
  boolean write(String scope, int[] tokens, SavedSequence saved) throws IOException {
    Optional<String> covering = covering(scope, tokens);
    if (covering.isPresent()) {
      used(folder.resolve(covering.get()));
      return false;
    }
    PrefixHeader header = new PrefixHeader(key, scope, tokens, saved.bytes());
    createFolders();
    Path temporary =
        Files.createTempFile(folder, "", TEMPORARY, PosixFilePermissions.asFileAttribute(FILE));
    try {
      write(temporary, header, saved);
      Path file = folder.resolve(header.hash() + SUFFIX);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
    counters.written.increment();
    if (trimmable) {
      continuedBy(header).forEach(name -> delete(folder.resolve(name)));
    }
    return true;
  }

  private synchronized Optional<String> covering(String scope, int[] tokens) throws IOException {
    refresh();
    return known.entrySet().stream()
        .filter(entry -> entry.getValue().continues(scope, tokens))
        .filter(entry -> trimmable || entry.getValue().tokens().length == tokens.length)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private synchronized List<String> continuedBy(PrefixHeader header) {
    return known.entrySet().stream()
        .filter(entry -> !entry.getValue().sameAs(header))
        .filter(entry -> header.continues(entry.getValue().scope(), entry.getValue().tokens()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static void write(Path path, PrefixHeader header, SavedSequence saved)
      throws IOException {
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
      writeAll(file, header.encode());
      ChecksumChannel state = new ChecksumChannel(file);
      saved.writeTo(state);
      writeAll(file, ByteBuffer.allocate(Integer.BYTES).putInt(state.checksum()).flip());
    }
  }

  private static void writeAll(FileChannel file, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }

  private void createFolders() throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(FOLDER));
      Files.setPosixFilePermissions(root, FOLDER);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.debug("{} could not be deleted", file, e);
    }
  }

  static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  /// Files with this ending; none when there is no such folder.
  static List<Path> list(Path directory, String ending) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> stream =
        Files.newDirectoryStream(directory, file -> name(file).endsWith(ending))) {
      stream.forEach(files::add);
    } catch (NoSuchFileException e) {
      return List.of();
    }
    return files;
  }
}
