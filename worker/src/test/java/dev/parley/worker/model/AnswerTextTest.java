package dev.parley.worker.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AnswerTextTest {
  @Test
  void a_character_appears_when_its_last_byte_has_come() {
    AnswerText text = new AnswerText(List.of());
    byte[] smile = "😀".getBytes(StandardCharsets.UTF_8);
    assertThat(text.append(new byte[] {'a', smile[0]})).isEqualTo("a");
    assertThat(text.append(new byte[] {smile[1], smile[2]})).isEmpty();
    assertThat(text.append(new byte[] {smile[3]})).isEqualTo("😀");
    assertThat(text.finish()).isEmpty();
  }

  @Test
  void an_unfinished_character_is_replaced_at_the_end() {
    AnswerText text = new AnswerText(List.of());
    assertThat(text.append(new byte[] {(byte) 0xF0, (byte) 0x9F})).isEmpty();
    assertThat(text.finish()).isEqualTo("\uFFFD");
  }

  @Test
  void what_may_begin_a_stop_string_is_held_back_until_it_is_decided() {
    AnswerText text = new AnswerText(List.of("STOP"));
    assertThat(append(text, "one ST")).isEqualTo("one ");
    assertThat(append(text, "ART ")).isEqualTo("START ");
    assertThat(append(text, "S")).isEmpty();
    assertThat(append(text, "TOP and more")).isEmpty();
    assertThat(text.stopped()).isTrue();
    assertThat(append(text, "never seen")).isEmpty();
    assertThat(text.finish()).isEmpty();
  }

  @Test
  void what_was_held_back_is_shown_when_the_answer_ends() {
    AnswerText text = new AnswerText(List.of("STOP"));
    assertThat(append(text, "ST")).isEmpty();
    assertThat(text.finish()).isEqualTo("ST");
  }

  @Test
  void the_first_of_several_stop_strings_counts() {
    AnswerText text = new AnswerText(List.of("bc", "abcd"));
    assertThat(append(text, "xxabcd")).isEqualTo("xxa");
  }

  @Test
  void the_text_does_not_depend_on_where_the_bytes_are_cut() {
    List<String> stops = List.of("ababc", "é😀é");
    for (long seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      StringBuilder source = new StringBuilder();
      for (int i = 0; i < 60; i++) {
        source.append(List.of("a", "b", "c", "é", "😀").get(random.nextInt(5)));
      }
      byte[] bytes = source.toString().getBytes(StandardCharsets.UTF_8);
      String expected =
          stops.stream()
              .map(source::indexOf)
              .filter(at -> at >= 0)
              .min(Integer::compare)
              .map(at -> source.substring(0, at))
              .orElse(source.toString());
      assertThat(cutAtRandom(bytes, stops, random)).as("seed %d", seed).isEqualTo(expected);
    }
  }

  private static String cutAtRandom(byte[] bytes, List<String> stops, Random random) {
    AnswerText text = new AnswerText(stops);
    StringBuilder shown = new StringBuilder();
    int from = 0;
    while (from < bytes.length) {
      int to = Math.min(bytes.length, from + 1 + random.nextInt(5));
      shown.append(text.append(Arrays.copyOfRange(bytes, from, to)));
      from = to;
    }
    return shown.append(text.finish()).toString();
  }

  private static String append(AnswerText text, String piece) {
    return text.append(piece.getBytes(StandardCharsets.UTF_8));
  }
}
