package dev.parley.worker.engine;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends the process when a step takes longer than any step may: native code that hangs cannot be stopped in
/// any other way, and the queue hands the work to another worker.
///
/// The limit (`PARLEY_MAX_STEP`) must be far above the slowest honest step, a whole prompt chunk on a busy
/// machine.
public final class StepWatchdog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StepWatchdog.class);

  /// Exit code of a process that its watchdog ended (`EX_SOFTWARE`).
  public static final int EXIT_CODE = 70;

  private static final int CHECKS_PER_LIMIT = 4;

  private final Supplier<EngineProgress> engine;
  private final Duration maxStep;
  private final LongSupplier nanoTime;
  private final Runnable halt;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("step-watchdog").daemon().factory());

  StepWatchdog(
      Supplier<EngineProgress> engine, Duration maxStep, LongSupplier nanoTime, Runnable halt) {
    if (!maxStep.isPositive()) {
      throw new IllegalArgumentException("the longest step must be positive, not " + maxStep);
    }
    this.engine = engine;
    this.maxStep = maxStep;
    this.nanoTime = nanoTime;
    this.halt = halt;
  }

  /// Watches an engine until closed.
  public static StepWatchdog start(Engine engine, Duration maxStep) {
    StepWatchdog watchdog =
        new StepWatchdog(
            engine::progress,
            maxStep,
            System::nanoTime,
            () -> Runtime.getRuntime().halt(EXIT_CODE));
    long period = Math.max(1, maxStep.toMillis() / CHECKS_PER_LIMIT);
    var _ =
        watchdog.clock.scheduleAtFixedRate(watchdog::check, period, period, TimeUnit.MILLISECONDS);
    return watchdog;
  }

  /// Halts when the step under way began too long ago.
  void check() {
    EngineProgress progress = engine.get();
    if (progress.stepStartedNanos().isEmpty()) {
      return;
    }
    long nanos = nanoTime.getAsLong() - progress.stepStartedNanos().getAsLong();
    if (nanos > maxStep.toNanos()) {
      LOG.error(
          "step {} has taken {} s, more than PARLEY_MAX_STEP = {} s: the process ends so that"
              + " another worker can take its requests",
          progress.steps() + 1,
          TimeUnit.NANOSECONDS.toSeconds(nanos),
          maxStep.toSeconds());
      halt.run();
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
