package dev.parley.worker.prefix;

import dev.parley.worker.llama.SavedSequence;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Saved caches in files, read and written behind the caller's back. Any thread may call.
public final class PrefixFiles implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PrefixFiles.class);

  /// Memory that waits to be written: some seconds of a disk.
  private static final long QUEUE_BYTES = 256L << 20;

  /// How long a worker that stops goes on writing.
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  /// Where files are kept, and how many.
  ///
  /// @param root the folder of all engines' files
  /// @param mostBytes of all files in it
  /// @param unused after which time without use a file is deleted
  public record Options(Path root, long mostBytes, Duration unused) {
    public Options {
      if (mostBytes < 1 || !unused.isPositive()) {
        throw new IllegalArgumentException(
            "files need room and time, not " + mostBytes + " bytes for " + unused);
      }
    }
  }

  private final PrefixFolder folder;
  private final FolderLimit limit;
  private final long mostBytes;
  private final long queueBytes;
  private final PrefixFileCounters counters = new PrefixFileCounters();
  private final AtomicLong queued = new AtomicLong();
  private final ExecutorService reader = thread("prefix-read");
  private final ExecutorService writer = thread("prefix-write");
  private volatile boolean givenUp;

  PrefixFiles(
      Options options, String key, boolean trimmable, SequenceLoader loader, long queueBytes) {
    this.folder = new PrefixFolder(options.root(), key, trimmable, loader, counters);
    this.limit = new FolderLimit(options, counters);
    this.mostBytes = options.mostBytes();
    this.queueBytes = queueBytes;
    writer.execute(this::keepLimit);
  }

  /// Begins to serve; the folder is made with the first file.
  ///
  /// @param key whatever makes a saved cache of one engine unreadable for another
  /// @param trimmable whether the engine's model can forget the end of what it puts back
  /// @param loader makes a saved cache of what was written
  public static PrefixFiles open(
      Options options, String key, boolean trimmable, SequenceLoader loader) {
    return new PrefixFiles(options, key, trimmable, loader, QUEUE_BYTES);
  }

  private static ExecutorService thread(String name) {
    return Executors.newSingleThreadExecutor(Thread.ofPlatform().name(name).daemon().factory());
  }

  /// Looks for the file that spares most tokens, and reads it.
  ///
  /// @param scope only files written under the same one are used
  /// @param beyond tokens that are spared without a file
  /// @param spared how many tokens the cache of a sequence spares; called on another thread
  /// @param then told what came of it, on another thread, exactly once unless these are closed before
  public void find(String scope, int beyond, ToIntFunction<int[]> spared, Consumer<Lookup> then) {
    reader.execute(() -> then.accept(lookup(scope, beyond, spared)));
  }

  private Lookup lookup(String scope, int beyond, ToIntFunction<int[]> spared) {
    try {
      return folder.find(scope, beyond, spared);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      LOG.warn("prefix files in {} cannot be looked up", folder.path(), e);
      return new Lookup.Unreadable();
    }
  }

  /// Keeps a saved cache in a file, unless too much is waiting to be written.
  ///
  /// @param tokens whose cache it is
  /// @param saved closed by this
  public void write(String scope, int[] tokens, SavedSequence saved) {
    long bytes = saved.bytes();
    long before = queued.getAndAdd(bytes);
    if (bytes > mostBytes || (before > 0 && before + bytes > queueBytes)) {
      queued.addAndGet(-bytes);
      counters.skipped.increment();
      saved.close();
      return;
    }
    writer.execute(() -> keep(scope, tokens, saved, bytes));
  }

  /// What was left by an earlier start is old by now, or too much for a smaller limit.
  private void keepLimit() {
    try {
      limit.enforce();
    } catch (IOException | RuntimeException e) {
      LOG.warn("prefix files cannot be looked through", e);
    }
  }

  private void keep(String scope, int[] tokens, SavedSequence saved, long bytes) {
    try (saved) {
      if (givenUp) {
        counters.skipped.increment();
      } else if (folder.write(scope, tokens, saved)) {
        limit.enforce();
      }
    } catch (IOException | RuntimeException e) {
      counters.skipped.increment();
      LOG.warn(
          "a prefix file could not be written to {}: free the disk, or set"
              + " PARLEY_PREFIX_FILES_MIB=0",
          folder.path(),
          e);
    } finally {
      queued.addAndGet(-bytes);
    }
  }

  public PrefixFileTotals totals() {
    return counters.totals();
  }

  /// Writes what is waiting to be written, for some seconds; look-ups under way come to nothing.
  @Override
  public void close() {
    reader.shutdown();
    writer.shutdown();
    if (!ended(writer)) {
      LOG.warn("prefix files are given up before all are written");
    }
    givenUp = true;
    reader.shutdownNow();
    writer.shutdownNow().forEach(Runnable::run);
    if (!ended(reader) || !ended(writer)) {
      LOG.warn("a disk does not answer: a prefix file is left as it is");
    }
  }

  private static boolean ended(ExecutorService thread) {
    try {
      return thread.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
