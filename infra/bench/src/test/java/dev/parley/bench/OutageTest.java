package dev.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class OutageTest {
  private static final long ON_ITS_WAY = 20;

  @Test
  void a_pause_is_counted_from_the_death_to_its_end() {
    assertThat(Outage.nanos(List.of(80L, 90L, 250L, 260L), 100, ON_ITS_WAY)).isEqualTo(150);
  }

  @Test
  void text_that_was_on_its_way_does_not_end_the_pause() {
    assertThat(Outage.nanos(List.of(90L, 105L, 118L, 400L, 410L), 100, ON_ITS_WAY)).isEqualTo(300);
  }

  @Test
  void a_later_pause_is_none_of_this_deaths() {
    assertThat(Outage.nanos(List.of(95L, 105L, 115L, 125L, 900L), 100, ON_ITS_WAY)).isLessThan(30);
  }

  @Test
  void a_text_that_never_goes_on_is_refused() {
    assertThatThrownBy(() -> Outage.nanos(List.of(80L, 90L), 100, ON_ITS_WAY))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
