package dev.parley.shared.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The parts of a running process: added as they start, stopped in the reverse order, each exactly
/// once, all of them even when some fail; the first failure is thrown with the others suppressed.
///
/// Used by one `Main` in a try-with-resources, so that a start that fails half-way stops what had
/// started.
public final class Lifecycle implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);

  private final Deque<Part> parts = new ArrayDeque<>();

  private record Part(String name, AutoCloseable stop) {}

  /// Adds a part that has just started; it is stopped before everything added earlier.
  public synchronized <T extends AutoCloseable> T started(String name, T part) {
    parts.push(new Part(name, part));
    return part;
  }

  /// Adds something to do at the stop, before everything added earlier stops.
  public synchronized void atStop(String name, AutoCloseable action) {
    parts.push(new Part(name, action));
  }

  /// Stops everything.
  ///
  /// @throws IllegalStateException naming the parts that did not stop cleanly
  @Override
  public void close() {
    var failures = new LinkedHashMap<String, Exception>();
    for (var next = next(); next != null; next = next()) {
      var part = next;
      stop(part).ifPresent(failure -> failures.put(part.name(), failure));
    }
    if (!failures.isEmpty()) {
      var failed = new IllegalStateException("did not stop cleanly: " + failures.keySet());
      failures.values().forEach(failed::addSuppressed);
      throw failed;
    }
  }

  private static Optional<Exception> stop(Part part) {
    try {
      LOG.debug("stopping {}", part.name());
      part.stop().close();
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(e);
    } catch (Exception e) {
      LOG.warn("{} did not stop cleanly: {}", part.name(), e.toString());
      return Optional.of(e);
    }
  }

  private synchronized @Nullable Part next() {
    return parts.poll();
  }
}
