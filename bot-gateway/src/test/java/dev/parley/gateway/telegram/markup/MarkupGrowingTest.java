package dev.parley.gateway.telegram.markup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MarkupGrowingTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      textBlock =
          """
          a **bold         → a <bold>bold</bold>
          a **bold*        → a <bold>bold</bold>
          a *it            → a <italic>it</italic>
          a _it            → a <italic>it</italic>
          a ~~out          → a <strikethrough>out</strikethrough>
          a ~~out~         → a <strikethrough>out</strikethrough>
          a ***both        → a <bold><italic>both</italic></bold>
          a ***both**      → a <bold><italic>both</italic></bold>
          a **b *c         → a <bold>b <italic>c</italic></bold>
          a **b *c*        → a <bold>b <italic>c</italic></bold>
          a `code          → a <code>code</code>
          a ``co`de`       → a <code>co`de</code>
          a **b `c         → a <bold>b </bold><code>c</code>
          a [link          → a link
          a [link]         → a link
          a [link](        → a link
          a [link](htt     → a link (<code>htt</code>)
          a [l](http://a.b → a l (<code>http://a.b</code>)
          a [l](/x "Ti     → a l (<code>/x</code>)
          a [l](</x y      → a l (<code>/x y</code>)
          a [l](/x_(y      → a l (<code>/x_</code>)
          a ![alt](c.p     → a alt (<code>c.p</code>)
          a **[b](/c       → a <bold>b (</bold><code>/c</code><bold>)</bold>
          a <http://b.c    → a <code>http://b.c</code>
          # Head **b       → <bold>Head b</bold>
          > quote *q       → <blockquote>quote <italic>q</italic></blockquote>
          - item ~~s       → • item <strikethrough>s</strikethrough>
          """)
  void what_is_open_looks_as_it_will(String half, String shown) {
    assertThat(Shown.growing(half)).isEqualTo(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*", "**", "***", "_", "__", "~", "~~", "`", "``", "```", "[", "![", "**`", "**[", "*_",
        "\\", "**_`", "[*", "<", "<htt"
      })
  void markers_at_the_end_are_not_seen(String markers) {
    assertThat(Shown.growing("word " + markers)).isEqualTo("word");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-", "- ", "*", "* ", "+", "--", "---", "- - -", "**", "***", "___", "=", "==", "#", "## ",
        "> ", "> **", "> -", "`", "``", "```", "```py", "~~", "~~~", "|", "| ", "- [", "- [ ",
        "- [x]", "- **"
      })
  void markers_that_begin_a_line_are_not_seen(String markers) {
    assertThat(Shown.growing("Some text\n" + markers)).isEqualTo("Some text");
    assertThat(Shown.growing("- item\n" + markers)).isEqualTo("• item");
    assertThat(Shown.growing("Some text\n\n" + markers)).isEqualTo("Some text");
  }

  @Test
  void a_number_is_seen_from_the_first_digit_on() {
    for (String half : new String[] {"1", "1.", "1. ", "1. **"}) {
      assertThat(Shown.growing("a\n\n" + half))
          .isEqualTo("a\n\n" + half.substring(0, Math.min(2, half.length())));
    }
  }

  @Test
  void what_will_never_be_a_marker_is_seen() {
    assertThat(Shown.growing("2 * 3 ")).isEqualTo("2 * 3");
    assertThat(Shown.growing("2 * ")).isEqualTo("2 *");
    assertThat(Shown.growing("snake_case")).isEqualTo("snake_case");
    assertThat(Shown.growing("~5")).isEqualTo("~5");
    assertThat(Shown.growing("open ** a\n\nnext")).isEqualTo("open ** a\n\nnext");
    assertThat(Shown.growing("open **a\n\nnext")).isEqualTo("open **a\n\nnext");
    assertThat(Shown.growing("[" + "long ".repeat(30))).startsWith("[long");
  }

  @Test
  void code_is_code_before_its_fence_is_closed() {
    assertThat(Shown.growing("```py\nx = 1\n  **y")).isEqualTo("<pre py>x = 1\n  **y</pre>");
    assertThat(Shown.growing("```py\nx = 1\n``")).isEqualTo("<pre py>x = 1</pre>");
    assertThat(Shown.growing("````\nx\n```")).isEqualTo("<pre>x</pre>");
    assertThat(Shown.growing("```py\nx = 1\n```")).isEqualTo("<pre py>x = 1</pre>");
    assertThat(Shown.growing("- a\n  ```\n  - b\n  `")).isEqualTo("• a\n<pre>- b</pre>");
    assertThat(Shown.growing("```\n- ")).isEqualTo("<pre>-</pre>");
  }

  @Test
  void a_table_is_a_table_from_its_first_cell_on() {
    assertThat(Shown.growing("| Ab | C  ")).isEqualTo("<pre>| Ab | C</pre>");
    assertThat(Shown.growing("Some long text before it.\n\n> | Ab | **C"))
        .isEqualTo("Some long text before it.\n\n<blockquote><pre>| Ab | **C</pre></blockquote>");
    assertThat(Shown.growing("| Ab     | C      |\n|-")).isEqualTo("<pre>Ab | C\n---|--</pre>");
    assertThat(Shown.growing("| Ab     | C      |\n|--------|-------|\n| d | `e"))
        .isEqualTo("<pre>Ab | C\n---|--\nd  | e</pre>");
  }

  @Test
  void half_a_character_waits_for_the_other_half() {
    assertThat(Shown.growing("**a \ud83d")).isEqualTo("<bold>a</bold>");
  }
}
