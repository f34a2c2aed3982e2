package dev.parley.gateway.telegram.markup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

final class RichTextTest {

  private static Span span(int from, int to, Style style) {
    return Span.between(from, to, style);
  }

  private static void assertRefused(String problem, String text, Span... spans) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RichText(text, List.of(spans)))
        .withMessageContaining(problem);
  }

  @Test
  void styles_may_nest_and_a_quote_may_hold_code() {
    RichText message =
        new RichText(
            "a b c d",
            List.of(
                span(0, 7, Style.BLOCKQUOTE),
                span(0, 3, Style.BOLD),
                span(2, 3, Style.ITALIC),
                span(4, 5, Style.CODE)));

    assertThat(Shown.of(message))
        .isEqualTo("<blockquote><bold>a <italic>b</italic></bold> <code>c</code> d</blockquote>");
  }

  @Test
  void what_telegram_would_drop_or_split_is_refused() {
    assertRefused("overlap", "abcd", span(0, 2, Style.BOLD), span(1, 3, Style.ITALIC));
    assertRefused("inside itself", "abcd", span(0, 4, Style.BOLD), span(1, 3, Style.BOLD));
    assertRefused("inside code", "abcd", span(0, 4, Style.CODE), span(1, 3, Style.BOLD));
    assertRefused("code inside", "abcd", span(0, 4, Style.BOLD), span(1, 3, Style.PRE));
    assertRefused("a quote inside", "abcd", span(0, 4, Style.BOLD), span(1, 3, Style.BLOCKQUOTE));
    assertRefused("order", "abcd", span(2, 3, Style.BOLD), span(0, 1, Style.BOLD));
  }

  @Test
  void spans_lie_in_the_text_and_between_characters() {
    assertRefused("range", "abc", span(1, 4, Style.BOLD));
    assertRefused("range", "a😀b", span(0, 2, Style.BOLD));
    assertRefused("range", "a😀b", span(2, 4, Style.BOLD));
    assertThatIllegalArgumentException().isThrownBy(() -> span(1, 1, Style.BOLD));
    assertThatIllegalArgumentException().isThrownBy(() -> span(-1, 1, Style.BOLD));
    assertThatIllegalArgumentException().isThrownBy(() -> new Span(0, 1, Style.CODE, "java"));
  }

  @Test
  void what_telegram_would_trim_or_refuse_is_refused() {
    assertRefused("begins with whitespace", " a");
    assertRefused("begins with whitespace", "\u00a0a");
    assertRefused("ends with whitespace", "a\n");
    assertRefused("nothing in it", "\u200b");
    assertThat(new RichText("", List.of())).isEqualTo(RichText.EMPTY);
  }

  @Test
  void only_code_may_begin_with_whitespace_since_telegram_keeps_it_there() {
    assertThat(new RichText("  a", List.of(span(0, 3, Style.PRE))).isEmpty()).isFalse();
    assertRefused("begins with whitespace", "  a", span(1, 3, Style.PRE));
    assertRefused("ends with whitespace", "a ", span(0, 2, Style.PRE));
  }
}
