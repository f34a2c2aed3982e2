package dev.parley.worker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class HolderPlanTest {
  private static final HolderLimits LIMITS = new HolderLimits(4, 16, 2);

  @Test
  void every_free_slot_has_a_polling_holder() {
    assertThat(HolderPlan.of(LIMITS, 0, 0, false, false).interactive()).isEqualTo(4);
    assertThat(HolderPlan.of(LIMITS, 3, 0, true, false).interactive()).isEqualTo(1);
  }

  @Test
  void a_full_worker_leaves_prompts_to_one_with_a_free_slot() {
    assertThat(HolderPlan.of(LIMITS, 4, 0, true, false)).isEqualTo(HolderPlan.NONE);
  }

  @Test
  void when_nobody_has_a_free_slot_it_holds_as_many_more_as_it_may() {
    assertThat(HolderPlan.of(LIMITS, 4, 0, false, false).interactive()).isEqualTo(16);
    assertThat(HolderPlan.of(LIMITS, 14, 0, false, false).interactive()).isEqualTo(6);
    assertThat(HolderPlan.of(LIMITS, 30, 0, false, false).interactive()).isZero();
  }

  @Test
  void it_goes_on_holding_more_until_half_of_its_slots_are_free_or_a_peer_has_one() {
    assertThat(HolderPlan.of(LIMITS, 3, 0, false, true).interactive()).isEqualTo(17);
    assertThat(HolderPlan.of(LIMITS, 2, 0, false, true).interactive()).isEqualTo(2);
    assertThat(HolderPlan.of(LIMITS, 3, 0, true, true).interactive()).isEqualTo(1);
  }

  @Test
  void batch_work_never_takes_the_last_free_slot() {
    assertThat(HolderPlan.of(LIMITS, 0, 0, false, false).batch()).isEqualTo(2);
    assertThat(HolderPlan.of(LIMITS, 2, 1, false, false).batch()).isEqualTo(1);
    assertThat(HolderPlan.of(LIMITS, 3, 0, false, false).batch()).isZero();
    assertThat(HolderPlan.of(LIMITS, 5, 2, false, false).batch()).isZero();
  }

  @Test
  void a_worker_of_one_slot_does_batch_work_when_it_is_idle() {
    HolderLimits one = new HolderLimits(1, 16, 2);
    assertThat(HolderPlan.of(one, 0, 0, false, false).batch()).isEqualTo(1);
    assertThat(HolderPlan.of(one, 1, 0, false, false).batch()).isZero();
  }
}
