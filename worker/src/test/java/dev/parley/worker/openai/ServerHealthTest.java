package dev.parley.worker.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServerHealthTest {
  private static final Failure AWAY = Failure.unreachable("refused");

  private final ServerHealth health = new ServerHealth(Optional.empty(), 0);
  private long nowNanos;

  private void miss() {
    assertThat(health.ask(nowNanos)).isTrue();
    health.missed(AWAY, nowNanos);
    nowNanos = health.nextNanos();
  }

  private void answer(String... models) {
    assertThat(health.ask(nowNanos)).isTrue();
    health.answered(List.of(models), nowNanos);
    nowNanos = health.nextNanos();
  }

  @Test
  void a_server_that_was_never_heard_of_is_in_trouble() {
    assertThat(health.trouble()).isPresent();
    miss();
    assertThat(health.trouble()).contains(AWAY.detail());
    answer("m");
    assertThat(health.trouble()).isEmpty();
    assertThat(health.model()).contains("m");
  }

  @Test
  void three_misses_in_a_row_are_trouble_and_fewer_are_not() {
    answer("m");
    miss();
    miss();
    answer("m");
    miss();
    miss();
    assertThat(health.trouble()).isEmpty();
    miss();
    assertThat(health.trouble()).isPresent();
    answer("m");
    assertThat(health.trouble()).isEmpty();
  }

  @Test
  void an_answer_that_streams_counts() {
    answer("m");
    miss();
    miss();
    health.heard();
    miss();
    assertThat(health.trouble()).isEmpty();
  }

  @Test
  void it_is_asked_once_at_a_time() {
    assertThat(health.ask(nowNanos)).isTrue();
    assertThat(health.ask(nowNanos + Duration.ofHours(1).toNanos())).isFalse();
    assertThat(health.nextNanos()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void the_first_model_stays_the_one_that_is_asked_for() {
    answer("first", "second");
    answer("second");
    assertThat(health.model()).contains("first");
  }

  @Test
  void a_server_without_a_model_says_what_to_set() {
    answer();
    assertThat(health.trouble().orElse("")).contains("PARLEY_REMOTE_MODEL");
  }
}
