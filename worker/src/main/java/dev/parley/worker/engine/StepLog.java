package dev.parley.worker.engine;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The last steps of an engine, and all of them in a file if one was named. Thread-safe.
public final class StepLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StepLog.class);

  /// Steps that are kept in memory.
  public static final int KEPT_STEPS = 4096;

  private final Deque<StepRecord> recent = new ArrayDeque<>();
  private @Nullable BufferedWriter file;

  /// @param path to be appended to, if anything
  public StepLog(Optional<Path> path) {
    file = path.map(StepLog::open).orElse(null);
  }

  /// The last [#KEPT_STEPS] steps, oldest first.
  public synchronized List<StepRecord> recent() {
    return List.copyOf(recent);
  }

  synchronized void add(StepRecord step) {
    if (recent.size() == KEPT_STEPS) {
      recent.removeFirst();
    }
    recent.addLast(step);
    if (file != null) {
      write(file, step);
    }
  }

  private static BufferedWriter open(Path path) {
    try {
      return Files.newBufferedWriter(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("step log " + path + " cannot be written", e);
    }
  }

  private void write(BufferedWriter out, StepRecord step) {
    try {
      out.write(step.line());
      out.newLine();
      out.flush();
    } catch (IOException e) {
      LOG.warn("the step log is given up: it cannot be written", e);
      close();
    }
  }

  @Override
  public synchronized void close() {
    if (file == null) {
      return;
    }
    try {
      file.close();
    } catch (IOException e) {
      LOG.warn("the step log could not be closed", e);
    }
    file = null;
  }
}
