package dev.parley.shared.runtime;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// SIGTERM and Ctrl-C as something that `main` waits for: the main thread drains and stops, and the
/// JVM exits when it is done, or when the grace is over.
///
/// ```
/// var stop = StopSignal.install(grace);
/// try (var lifecycle = new Lifecycle()) { ...start...; stop.await(); } finally { stop.finished(); }
/// ```
public final class StopSignal {
  private final CountDownLatch requested = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);

  private StopSignal() {}

  /// A signal that only [#request] gives: for tests and for programs inside another.
  public static StopSignal manual() {
    return new StopSignal();
  }

  /// Listens for the end of the JVM.
  ///
  /// @param grace how long the JVM waits for [#finished]
  public static StopSignal install(Duration grace) {
    var signal = new StopSignal();
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("stop-signal")
                .unstarted(() -> {
                  signal.request();
                  signal.awaitFinished(grace);
                }));
    return signal;
  }

  /// Asks for the stop.
  public void request() {
    requested.countDown();
  }

  /// Whether somebody asked.
  public boolean isRequested() {
    return requested.getCount() == 0;
  }

  /// Waits until somebody asks.
  public void await() throws InterruptedException {
    requested.await();
  }

  /// Waits until somebody asks, or the time is over; says whether somebody asked.
  public boolean await(Duration time) throws InterruptedException {
    return requested.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// Everything has stopped: the JVM may go.
  public void finished() {
    requested.countDown();
    finished.countDown();
  }

  private void awaitFinished(Duration grace) {
    try {
      if (!finished.await(grace.toMillis(), TimeUnit.MILLISECONDS)) {
        System.err.println("parley: not stopped after " + grace.toSeconds() + " s, leaving anyway");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
