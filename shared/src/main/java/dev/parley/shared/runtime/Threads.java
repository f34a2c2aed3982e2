package dev.parley.shared.runtime;

import java.util.concurrent.ThreadFactory;
import org.slf4j.LoggerFactory;

/// Threads with names. Blocking I/O lives on virtual ones; a platform thread is for the engine and
/// for beats that must not wait behind others.
///
/// An exception that nobody caught is an error line with the thread's name, never silence.
public final class Threads {
  private Threads() {}

  /// Virtual threads `name-0`, `name-1`, ...
  public static ThreadFactory virtual(String name) {
    return Thread.ofVirtual()
        .name(name + "-", 0)
        .uncaughtExceptionHandler(Threads::report)
        .factory();
  }

  /// Starts one virtual thread.
  public static Thread start(String name, Runnable work) {
    return Thread.ofVirtual().name(name).uncaughtExceptionHandler(Threads::report).start(work);
  }

  /// Starts one platform thread that does not keep the process alive.
  public static Thread startPlatform(String name, Runnable work) {
    Thread thread = platform(name, work);
    thread.start();
    return thread;
  }

  /// The same, to be started.
  public static Thread platform(String name, Runnable work) {
    return Thread.ofPlatform()
        .name(name)
        .daemon(true)
        .uncaughtExceptionHandler(Threads::report)
        .unstarted(work);
  }

  private static void report(Thread thread, Throwable problem) {
    LoggerFactory.getLogger(Threads.class)
        .error("thread {} ended by an exception", thread.getName(), problem);
  }
}
