package dev.parley.gateway.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.gateway.web.ShownText.Change;
import org.junit.jupiter.api.Test;

class ShownTextTest {
  private final ShownText shown = new ShownText();

  @Test
  void pieces_in_order_are_appended() {
    assertThat(shown.piece("ab", 0)).isEqualTo(new Change.Append("ab", 0));
    assertThat(shown.piece("c", 2)).isEqualTo(new Change.Append("c", 2));
  }

  @Test
  void a_piece_seen_before_changes_nothing_and_an_overlap_adds_its_rest() {
    shown.piece("abc", 0);
    assertThat(shown.piece("bc", 1)).isEqualTo(new Change.None());
    assertThat(shown.piece("cd", 2)).isEqualTo(new Change.Append("d", 3));
  }

  @Test
  void a_piece_beyond_the_end_is_a_hole() {
    shown.piece("a", 0);
    assertThat(shown.piece("c", 2)).isEqualTo(new Change.Hole());
    assertThat(shown.whole("abc")).isEqualTo(new Change.Append("bc", 1));
  }

  @Test
  void a_whole_text_that_does_not_begin_with_what_was_shown_replaces_it() {
    shown.piece("abc", 0);
    assertThat(shown.whole("abcd")).isEqualTo(new Change.Append("d", 3));
    assertThat(shown.whole("xy")).isEqualTo(new Change.Replace("xy"));
    assertThat(shown.piece("z", 2)).isEqualTo(new Change.Append("z", 2));
    assertThat(shown.whole("")).isEqualTo(new Change.Replace(""));
  }

  @Test
  void half_a_character_waits_for_its_other_half() {
    assertThat(shown.piece("a\uD83D", 0)).isEqualTo(new Change.Append("a", 0));
    assertThat(shown.piece("\uDE00b", 2)).isEqualTo(new Change.Append("\uD83D\uDE00b", 1));
  }

  @Test
  void a_mark_resumes_only_on_the_text_it_was_made_from() {
    shown.piece("Hello", 0);
    String mark = shown.mark();
    ShownText same = new ShownText();
    assertThat(same.resume("Hello there", mark)).isTrue();
    assertThat(same.whole("Hello there")).isEqualTo(new Change.Append(" there", 5));
    assertThat(new ShownText().resume("Hallo there", mark)).isFalse();
    assertThat(new ShownText().resume("Hel", mark)).isFalse();
    for (String bad : new String[] {"", ".", "x.y", "-1.0", "99999999999.0", "5"}) {
      assertThat(new ShownText().resume("Hello", bad)).isFalse();
    }
  }
}
