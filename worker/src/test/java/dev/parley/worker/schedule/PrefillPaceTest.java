package dev.parley.worker.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.worker.schedule.StepPlan.Chunk;
import dev.parley.worker.schedule.StepPlan.Row;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PrefillPaceTest {
  private static final long MILLISECOND = 1_000_000;

  private final PrefillPace pace = new PrefillPace(250 * MILLISECOND);

  @Test
  void before_anything_is_measured_a_prompt_goes_chunk_by_chunk() {
    assertThat(pace.tokens()).isEqualTo(64);
  }

  @Test
  void a_step_takes_what_the_target_leaves_after_the_decode_call() {
    step(50, 60);
    assertThat(pace.tokens()).isEqualTo(3 * 64);
  }

  @Test
  void one_chunk_is_allowed_however_long_it_takes() {
    step(50, 900);
    assertThat(pace.tokens()).isEqualTo(64);
  }

  @Test
  void what_is_left_of_a_prompt_is_a_whole_chunk_at_least() {
    assertThat(PrefillPace.share(250, 192)).isEqualTo(128);
    assertThat(PrefillPace.share(256, 192)).isEqualTo(192);
    assertThat(PrefillPace.share(250, 256)).isEqualTo(250);
    assertThat(PrefillPace.share(1_700, 200)).isEqualTo(192);
  }

  @Test
  void one_chunk_is_not_divided_for_it() {
    assertThat(PrefillPace.share(100, 64)).isEqualTo(64);
    assertThat(PrefillPace.share(100, 63)).isZero();
  }

  /// One row decodes, one chunk of a prompt is computed.
  private void step(long decodeMs, long chunkMs) {
    StepPlan plan =
        new StepPlan(
            List.of(),
            List.of(new Row("a", 0, 10)),
            List.of(new Chunk("b", 1, 0, ScheduleLimits.CHUNK_TOKENS, false)));
    pace.measured(plan, new StepTimes(decodeMs * MILLISECOND, chunkMs * MILLISECOND));
  }
}
