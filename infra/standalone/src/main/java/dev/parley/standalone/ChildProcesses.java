package dev.parley.standalone;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Waiting for a child to become ready.
final class ChildProcesses {
  private static final Duration PAUSE = Duration.ofMillis(50);

  private ChildProcesses() {}

  /// Pauses between two looks at a child that is not ready yet; ends the wait when there is no
  /// hope.
  ///
  /// @param deadline in [System#nanoTime] terms
  static void failIfOver(ChildProcess child, long deadline) throws InterruptedException {
    if (System.nanoTime() > deadline) {
      throw new StartException(
          child.name() + " did not become ready in time; its last lines:\n" + child.tail());
    }
    try {
      // The pause ends early when the child does.
      child.handle().onExit().get(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // It runs on, which is what we wait for.
      return;
    } catch (ExecutionException e) {
      throw new IllegalStateException("waiting for a process cannot fail", e);
    }
    throw new StartException(
        child.name() + " ended while it started; its last lines:\n" + child.tail());
  }
}
