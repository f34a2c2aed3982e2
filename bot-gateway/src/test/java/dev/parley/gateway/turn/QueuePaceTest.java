package dev.parley.gateway.turn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class QueuePaceTest {
  private final QueuePace pace = new QueuePace();

  @Test
  void nobody_can_tell_before_two_answers_began() {
    assertThat(pace.waitS(3, 0)).isZero();
    pace.started(1_000);
    assertThat(pace.waitS(3, 1_000)).isZero();
  }

  @Test
  void who_waits_waits_for_those_before_him_and_himself() {
    for (int second = 1; second <= 10; second++) {
      pace.started(second * 1_000L);
    }

    assertThat(pace.waitS(0, 11_000)).isEqualTo(1);
    assertThat(pace.waitS(4, 11_000)).isEqualTo(5);
  }

  @Test
  void while_nothing_begins_the_wait_grows_and_in_the_end_nobody_can_tell() {
    pace.started(0);
    pace.started(1_000);

    assertThat(pace.waitS(0, 20_000)).isEqualTo(10);
    assertThat(pace.waitS(0, 100_000)).isZero();
  }
}
