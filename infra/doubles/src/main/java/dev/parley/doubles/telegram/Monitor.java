package dev.parley.doubles.telegram;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

/// The one lock around a server's state, the clock that tells it the time, and the place where everybody waits for a
/// change.
final class Monitor {
  private final LongSupplier clockMs;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long revision;
  private boolean closed;

  Monitor(LongSupplier clockMs) {
    this.clockMs = clockMs;
  }

  /// Does something with the state and wakes everybody who waits for a change.
  <T> T change(LongFunction<T> action) {
    lock.lock();
    try {
      T result = action.apply(clockMs.getAsLong());
      revision++;
      changed.signalAll();
      return result;
    } finally {
      lock.unlock();
    }
  }

  /// As [#change], for what has no result.
  void run(LongConsumer action) {
    change(now -> {
      action.accept(now);
      return true;
    });
  }

  /// Reads the state, or changes what nobody waits for.
  <T> T look(LongFunction<T> action) {
    lock.lock();
    try {
      return action.apply(clockMs.getAsLong());
    } finally {
      lock.unlock();
    }
  }

  /// Waits until something is there; looks again after each change.
  ///
  /// @param limit in real time, whatever the clock says
  /// @return empty when the time is over or the double is closed
  <T> Optional<T> await(LongFunction<Optional<T>> condition, Duration limit)
      throws InterruptedException {
    long left = limit.toNanos();
    lock.lock();
    try {
      while (true) {
        Optional<T> result = condition.apply(clockMs.getAsLong());
        if (result.isPresent() || left <= 0 || closed) {
          return result;
        }
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /// How many changes there were.
  long revision() {
    return look(now -> revision);
  }

  /// Waits until there was a change after that one, at most that long.
  ///
  /// @return the present revision
  long awaitAfter(long seen, long limitMs) throws InterruptedException {
    await(
        now -> revision > seen ? Optional.of(revision) : Optional.empty(),
        Duration.ofMillis(limitMs));
    return revision();
  }

  boolean closed() {
    return look(now -> closed);
  }

  /// Nobody waits any more.
  void close() {
    run(now -> closed = true);
  }

  /// Waits for the end.
  void awaitClosed() throws InterruptedException {
    await(now -> Optional.empty(), Duration.ofNanos(TimeUnit.DAYS.toNanos(1)));
  }
}
