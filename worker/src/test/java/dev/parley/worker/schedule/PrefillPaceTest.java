package dev.parley.worker.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parley.worker.schedule.StepPlan.Chunk;
import dev.parley.worker.schedule.StepPlan.Row;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PrefillPaceTest {
  private static final long MILLISECOND = 1_000_000;

  private final PrefillPace pace = new PrefillPace(250 * MILLISECOND);

  @Test
  void before_anything_is_measured_there_is_no_room_beside_a_decode_call() {
    assertThat(pace.rows(0, pace.spareNanos() - 1, 512)).isZero();
    assertThat(pace.rows(0, Double.POSITIVE_INFINITY, 500)).isEqualTo(500);
  }

  @Test
  void a_step_takes_what_the_target_leaves_after_the_decode_call() {
    step(50, 0, 60);
    assertThat(pace.rows(0, pace.spareNanos(), 512)).isEqualTo(3 * 64);
    assertThat(pace.rows(0, pace.spareNanos(), 100)).isEqualTo(100);
    assertThat(pace.rows(0, pace.spareNanos() - pace.nanos(0, 128), 512)).isEqualTo(64);
  }

  @Test
  void a_chunk_that_nearly_fits_is_taken() {
    step(100, 0, 84);
    assertThat(pace.rows(0, pace.spareNanos(), 512)).isEqualTo(2 * 64);
    step(100, 0, 90);
    assertThat(pace.rows(0, pace.spareNanos(), 512)).isEqualTo(64);
  }

  @Test
  void what_lies_before_a_chunk_makes_it_longer() {
    for (int depth = 0; depth <= 1280; depth += 64) {
      step(50, depth, costAt(depth));
    }
    assertThat(pace.nanos(640, 64) / MILLISECOND).isCloseTo(60 + 64, within(10.0));
    assertThat(pace.rows(0, pace.spareNanos(), 512)).isEqualTo(3 * 64);
    assertThat(pace.rows(800, pace.spareNanos(), 512)).isEqualTo(64);
    assertThat(pace.rows(2400, pace.spareNanos(), 512)).isZero();
  }

  @Test
  void a_machine_that_is_slower_now_is_so_behind_more_tokens_too() {
    for (int depth = 0; depth <= 1280; depth += 64) {
      step(50, depth, costAt(depth));
    }
    for (int i = 0; i < 8; i++) {
      step(50, 640, 2 * costAt(640));
    }
    assertThat(pace.nanos(1280, 64) / MILLISECOND).isCloseTo(2 * (60 + 128), within(60.0));
  }

  @Test
  void a_few_rows_tell_nothing_of_a_chunk() {
    step(50, 0, 60);
    pace.measured(plan(1280, 20), new StepTimes(50 * MILLISECOND, 5 * MILLISECOND));
    assertThat(pace.nanos(0, 64)).isEqualTo(60.0 * MILLISECOND);
  }

  /// Of one model on one machine, ms.
  private static long costAt(int depth) {
    return 60 + depth / 10L;
  }

  @Test
  void what_does_not_fill_a_chunk_goes_first() {
    assertThat(PrefillPace.share(250, 192)).isEqualTo(128 + 58);
    assertThat(PrefillPace.share(192, 192)).isEqualTo(192);
    assertThat(PrefillPace.share(256, 192)).isEqualTo(192);
    assertThat(PrefillPace.share(250, 256)).isEqualTo(250);
    assertThat(PrefillPace.share(1_701, 64)).isEqualTo(37);
    assertThat(PrefillPace.share(1_701, 500)).isEqualTo(384 + 37);
  }

  @Test
  void what_is_smaller_than_a_chunk_is_not_divided() {
    assertThat(PrefillPace.share(100, 63)).isZero();
    assertThat(PrefillPace.share(40, 63)).isEqualTo(40);
  }

  /// One row decodes, one chunk of a prompt is computed.
  private void step(long decodeMs, int depth, long chunkMs) {
    pace.measured(
        plan(depth, ScheduleLimits.CHUNK_TOKENS),
        new StepTimes(decodeMs * MILLISECOND, chunkMs * MILLISECOND));
  }

  private static StepPlan plan(int depth, int rows) {
    return new StepPlan(
        List.of(), List.of(new Row("a", 0, 10)), List.of(new Chunk("b", 1, depth, rows, false)));
  }
}
