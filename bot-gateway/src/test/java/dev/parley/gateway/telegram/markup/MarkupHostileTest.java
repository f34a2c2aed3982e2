package dev.parley.gateway.telegram.markup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MarkupHostileTest {
  private static final int LENGTH = 12_000;
  private static final int LIMIT = 4_096;

  @ParameterizedTest
  @ValueSource(
      strings = {
        ">",
        "> ",
        "> \n",
        "[",
        "![",
        "[](",
        "[a](x ",
        "[a](<",
        "[a](x (",
        "![](",
        "](",
        "*",
        "**a ",
        "*a ",
        "_a ",
        "***a",
        "*a_b",
        "~~a ",
        "`",
        "` ``",
        "<",
        "<a",
        "<a ",
        "<!--",
        "- ",
        "- a\n",
        "   - a\n",
        "1. ",
        "1. a\n",
        "#",
        "|",
        "|a",
        "|a|b|\n|-|-|\n",
        "| a |\n",
        "a.",
        "a:",
        "a@",
        "@a",
        "http://",
        "\\",
        "&",
        "\t",
        "\n",
        "\r",
        "```\n",
        "    a\n",
        "[a]: b\n",
        "[a][a]",
        "é",
        "\u200d",
        "\u0301",
        "👩‍👩",
        "\ud83d",
        "<div>\n",
        "**x** ",
        "e.com ",
        "/a",
        "/a ",
        "$A ",
        "#1"
      })
  @Timeout(20)
  void the_same_thing_again_and_again_neither_takes_long_nor_overflows(String unit) {
    String text = unit.repeat(LENGTH / unit.length());
    for (boolean finished : new boolean[] {true, false}) {
      List<RichText> pages = Pages.of("Begin. " + text, finished, LIMIT);

      assertThat(Markup.render(text, finished).text().length()).isLessThanOrEqualTo(text.length());
      assertThat(pages).isNotEmpty().allMatch(page -> page.text().length() <= LIMIT);
    }
  }
}
