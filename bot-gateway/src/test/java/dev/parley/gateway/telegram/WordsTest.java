package dev.parley.gateway.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Enumeration;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class WordsTest {
  private static final Words ENGLISH = Words.in(Locale.ENGLISH);

  @Test
  void there_are_the_same_words_in_all_languages() {
    assertThat(keys(Locale.of("ru"))).isEqualTo(keys(Locale.ROOT));
  }

  @Test
  void a_time_to_wait_is_told_in_whole_units_and_not_too_short() {
    assertThat(ENGLISH.time(Duration.ofMillis(1))).isEqualTo("1 s");
    assertThat(ENGLISH.time(Duration.ofSeconds(90))).isEqualTo("90 s");
    assertThat(ENGLISH.time(Duration.ofSeconds(91))).isEqualTo("2 min");
    assertThat(ENGLISH.time(Duration.ofMinutes(30).plusMillis(1))).isEqualTo("31 min");
  }

  private static Set<String> keys(Locale language) {
    ResourceBundle bundle =
        ResourceBundle.getBundle(
            "dev.parley.gateway.telegram.words",
            language,
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    Set<String> keys = new TreeSet<>();
    for (Enumeration<String> all = bundle.getKeys(); all.hasMoreElements(); ) {
      keys.add(all.nextElement());
    }
    return keys;
  }
}
