package dev.parley.shared.runtime;

import dev.parley.shared.config.Config;
import dev.parley.shared.config.Setting;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How every Parley server runs: read the configuration, set up logging, print the settings once,
/// start, serve until Ctrl-C or SIGTERM, stop in the reverse order of the start.
public final class ServerMain {
  private static final Logger LOG = LoggerFactory.getLogger(ServerMain.class);

  private ServerMain() {}

  /// What starts.
  @FunctionalInterface
  public interface Body {
    /// Starts the parts and adds each to the lifecycle; returns when they run.
    ///
    /// A stop while it starts interrupts it.
    void start(Config config, Lifecycle lifecycle) throws InterruptedException;
  }

  /// Runs a server and returns its exit code; configuration errors are thrown.
  ///
  /// @param name for the log: `worker`
  /// @param options what the command line says
  /// @param grace how long stopping may take before the process leaves anyway
  public static int run(String name, Map<Setting<?>, String> options, Duration grace, Body body) {
    var config = Config.load(System.getenv(), options);
    Logging.configure(config);
    config.describe().forEach(line -> LOG.info("{}", line));
    var stop = StopSignal.install(grace);
    var starter = Thread.currentThread();
    var interrupter = Threads.start("stop-interrupter", () -> interruptAtStop(stop, starter));
    try (var lifecycle = new Lifecycle()) {
      serve(name, config, lifecycle, stop, interrupter, body);
    } finally {
      stop.finished();
    }
    return 0;
  }

  private static void serve(
      String name,
      Config config,
      Lifecycle lifecycle,
      StopSignal stop,
      Thread interrupter,
      Body body) {
    try {
      body.start(config, lifecycle);
      LOG.info("{} runs", name);
      stop.await();
    } catch (InterruptedException e) {
      // The stop came while something started: what has started is stopped below.
      LOG.debug("{} was interrupted", name, e);
    }
    settle(interrupter);
    LOG.info("{} stops", name);
  }

  private static void interruptAtStop(StopSignal stop, Thread starter) {
    try {
      stop.await();
      starter.interrupt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Waits until the interrupt has come, and clears it: stopping waits for others.
  private static void settle(Thread interrupter) {
    boolean settled = false;
    while (!settled) {
      try {
        interrupter.join();
        settled = !Thread.interrupted();
      } catch (InterruptedException e) {
        // This is the interrupt that we wait for; the next join sees the other's end.
        LOG.trace("interrupted", e);
      }
    }
  }
}
