package dev.parley.standalone;

import dev.parley.shared.runtime.StopSignal;
import dev.parley.shared.runtime.Threads;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps one child running: a child that dies is started again after a pause.
final class Supervisor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

  private final Supplier<ChildProcess> starter;
  private final Runnable changed;
  private final StopSignal stop = StopSignal.manual();
  private final Backoff backoff = new Backoff();
  private final AtomicReference<ChildProcess> child;
  private final AtomicInteger restarts = new AtomicInteger();
  private final Thread watcher;

  private Supervisor(Supplier<ChildProcess> starter, Runnable changed) {
    this.starter = starter;
    this.changed = changed;
    this.child = new AtomicReference<>(starter.get());
    this.watcher = Threads.start("supervisor-" + child.get().name(), this::watch);
  }

  /// Starts the child and watches it.
  ///
  /// @param changed called whenever the child is another process than before
  static Supervisor start(Supplier<ChildProcess> starter, Runnable changed) {
    return new Supervisor(starter, changed);
  }

  /// The child as it is now; it may just have died.
  ChildProcess child() {
    return child.get();
  }

  /// How often it was started again.
  int restarts() {
    return restarts.get();
  }

  private void watch() {
    try {
      while (!stop.isRequested()) {
        long began = System.nanoTime();
        int code = child.get().waitFor();
        if (!stop.isRequested()) {
          restartAfter(code, Duration.ofNanos(System.nanoTime() - began));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void restartAfter(int code, Duration ran) throws InterruptedException {
    var pause = backoff.after(ran);
    LOG.warn(
        "{} ({}) ended with {}; it starts again in {} ms",
        child.get().name(),
        child.get().pid(),
        code,
        pause.toMillis());
    if (!stop.await(pause)) {
      synchronized (this) {
        if (!stop.isRequested()) {
          restarts.incrementAndGet();
          child.set(starter.get());
          changed.run();
        }
      }
    }
  }

  /// Stops the child for good: SIGTERM, its grace, SIGKILL.
  @Override
  public void close() {
    synchronized (this) {
      stop.request();
    }
    child.get().close();
    try {
      watcher.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
