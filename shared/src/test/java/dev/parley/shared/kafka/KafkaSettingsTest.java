package dev.parley.shared.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaSettingsTest {
  @ParameterizedTest
  @ValueSource(strings = {"localhost:9092", "a.example:1,b.example:2", "[::1]:9092"})
  void bootstrap_servers_are_host_and_port(String bootstrap) {
    assertThatCode(() -> KafkaSettings.defaults(bootstrap)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "localhost", "localhost:", "a:1,", "a:1 b:2", "http://a:1"})
  void anything_else_is_refused_with_the_form_it_must_have(String bootstrap) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KafkaSettings.defaults(bootstrap))
        .withMessageContaining("host:port");
  }

  @Test
  void a_lock_too_short_for_two_renewals_is_refused() {
    KafkaSettings settings = KafkaSettings.defaults("localhost:9092");
    ShareGroupSettings hasty = settings.group().withLock(Duration.ofSeconds(12));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings.withGroup(hasty))
        .withMessageContaining("two renewals");
  }

  @Test
  void waits_double_up_to_the_limit_and_start_over_after_a_success() {
    Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofMillis(350));
    assertThat(backoff.failed()).isEqualTo(Duration.ofMillis(100));
    assertThat(backoff.failed()).isEqualTo(Duration.ofMillis(200));
    assertThat(backoff.failed()).isEqualTo(Duration.ofMillis(350));
    assertThat(backoff.failed()).isEqualTo(Duration.ofMillis(350));
    backoff.succeeded();
    assertThat(backoff.failed()).isEqualTo(Duration.ofMillis(100));
  }
}
