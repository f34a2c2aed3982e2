package dev.parley.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StepWatchdogTest {
  private final AtomicInteger halts = new AtomicInteger();
  private final AtomicLong now = new AtomicLong(1_000);

  private void check(OptionalLong stepStarted) {
    try (StepWatchdog watchdog =
        new StepWatchdog(
            () -> new EngineProgress(7, stepStarted, true),
            Duration.ofNanos(100),
            now::get,
            halts::incrementAndGet)) {
      watchdog.check();
    }
  }

  @Test
  void an_idle_engine_may_rest_for_ever() {
    check(OptionalLong.empty());
    assertThat(halts).hasValue(0);
  }

  @Test
  void a_step_may_take_as_long_as_the_limit() {
    check(OptionalLong.of(900));
    assertThat(halts).hasValue(0);
  }

  @Test
  void a_longer_step_ends_the_process() {
    check(OptionalLong.of(899));
    assertThat(halts).hasValue(1);
  }
}
