package dev.parley.worker.engine;

/// What engines need of their one thread.
public final class EngineThreads {
  private EngineThreads() {}

  /// Waits for a thread's end; an interrupt is kept for later.
  public static void join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
