package dev.parley.shared.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TurnRefTest {
  @ParameterizedTest
  @ValueSource(strings = {"a/b", "web:local:9f-0_Z/A-z_09", "tg.1:@chat:-100/x", "-/-"})
  void what_was_written_is_read(String text) {
    assertThat(TurnRef.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "a", "/", "a/", "/b", "a/b/c", "a b/c", "a{/c", "é/c", "a/b.c", "a/b:c", "a/b\n"
      })
  void what_could_break_a_key_or_a_line_is_refused(String text) {
    assertThatThrownBy(() -> TurnRef.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void both_names_have_a_longest_length() {
    assertThat(new TurnRef("c".repeat(128), "t".repeat(64)).conversation()).hasSize(128);
    assertThatThrownBy(() -> new TurnRef("c".repeat(129), "t"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TurnRef("c", "t".repeat(65)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
