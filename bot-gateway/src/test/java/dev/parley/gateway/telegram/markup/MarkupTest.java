package dev.parley.gateway.telegram.markup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MarkupTest {

  @Test
  void words_have_styles_that_nest() {
    assertThat(Shown.finished("**bold** *it* _it_ ~~out~~ ***both*** **a *b* c**"))
        .isEqualTo(
            "<bold>bold</bold> <italic>it</italic> <italic>it</italic>"
                + " <strikethrough>out</strikethrough> <bold><italic>both</italic></bold>"
                + " <bold>a <italic>b</italic> c</bold>");
  }

  @Test
  void one_tilde_strikes_nothing_out() {
    assertThat(Shown.finished("~5 km and ~6 km~")).isEqualTo("~5 km and ~6 km~");
  }

  @Test
  void code_is_never_inside_another_style() {
    assertThat(Shown.finished("**use `x*y*` now**"))
        .isEqualTo("<bold>use </bold><code>x*y*</code><bold> now</bold>");
  }

  @Test
  void headings_are_bold_lines() {
    assertThat(Shown.finished("# One *two*\ntext\n\nThree\n---\n#"))
        .isEqualTo("<bold>One <italic>two</italic></bold>\ntext\n\n<bold>Three</bold>");
    assertThat(Shown.finished("## **All**")).isEqualTo("<bold>All</bold>");
  }

  @Test
  void lists_have_bullets_numbers_and_indentation() {
    assertThat(
            Shown.finished(
                """
                - one
                * two
                  going on
                  1. three
                  2. four

                     more
                3) five
                - [ ] to do
                - [x] done
                """))
        .isEqualTo(
            """
            • one
            • two
              going on
              1. three
              2. four

                 more
            3) five
            ☐ to do
            ☑ done\
            """);
  }

  @Test
  void items_that_all_have_one_number_are_counted_and_others_keep_theirs() {
    assertThat(Shown.finished("1. a\n1. b\n1. c")).isEqualTo("1. a\n2. b\n3. c");
    assertThat(Shown.finished("3. a\n5. b\n9. c")).isEqualTo("3. a\n5. b\n9. c");
  }

  @Test
  void a_number_that_would_make_the_text_longer_is_not_counted() {
    String shown = Shown.finished("1. a\n".repeat(12));

    assertThat(shown).startsWith("1. a\n2. a\n").endsWith("9. a\n1. a\n1. a\n1. a");
  }

  @Test
  void code_blocks_keep_their_lines_and_language() {
    assertThat(Shown.finished("```java title\nint x;\n\n  y();\n```\nEnd"))
        .isEqualTo("<pre java>int x;\n\n  y();</pre>\nEnd");
    assertThat(Shown.finished("````\n```\na\n```\n````")).isEqualTo("<pre>```\na\n```</pre>");
    assertThat(Shown.finished("Do:\n\n    a\n      b")).isEqualTo("Do:\n\n<pre>a\n  b</pre>");
    assertThat(Shown.finished("``` {.c}\nx")).isEqualTo("<pre>x</pre>");
    assertThat(Shown.finished("a\n```\n\n```\nb")).isEqualTo("a\nb");
  }

  @Test
  void code_in_a_list_begins_a_line() {
    assertThat(
            Shown.finished("1. Run:\n   ```sh\n   ls\n     -l\n   ```\n2. Done\n- ```\n  x\n  ```"))
        .isEqualTo("1. Run:\n<pre sh>ls\n  -l</pre>\n2. Done\n•\n<pre>x</pre>");
  }

  @Test
  void quotes_are_not_nested() {
    assertThat(Shown.finished("> a **b**\n> > c `d`\n>\n> - e\n\nf"))
        .isEqualTo("<blockquote>a <bold>b</bold>\nc <code>d</code>\n\n• e</blockquote>\n\nf");
  }

  @Test
  void rules_line_ends_and_html_are_seen() {
    assertThat(Shown.finished("a\n\n***\nb  \nc\\\nd\ne")).isEqualTo("a\n\n———\nb\nc\nd\ne");
    assertThat(Shown.finished("<div>\n**x**\n</div>\n\n<b>y</b> &lt;i&gt; **z**"))
        .isEqualTo("<div>\n**x**\n</div>\n\n<b>y</b> <i> <bold>z</bold>");
  }

  @Test
  void tables_are_aligned_in_monospace_where_the_source_has_room() {
    assertThat(
            Shown.finished(
                """
                | Name   | Age |
                |:-------|----:|
                | Анна   | 3   |
                | 日本   | `12` |
                | **Bo** |     |
                """))
        .isEqualTo(
            """
            <pre>Name | Age
            -----|----
            Анна |   3
            日本 |  12
            Bo</pre>\
            """);
  }

  @Test
  void a_table_that_would_grow_or_lose_a_cell_stays_as_it_was_written() {
    String uneven = "|a|b|\n|-|-|\n|" + "x".repeat(30) + "|y|\n|1|2|";
    assertThat(Shown.finished(uneven)).isEqualTo("<pre>" + uneven + "</pre>");

    String more = "| a       | b |\n|---------|---|\n| 1 | 2 | 3 |";
    assertThat(Shown.finished(more)).isEqualTo("<pre>" + more + "</pre>");
  }

  @Test
  void characters_that_telegrams_own_markup_knows_are_plain() {
    String text = "1_000 <b> & ] ( ) # + - = | { } . ! > ~ snake_case_name 2*3*4";

    assertThat(Shown.finished(text)).isEqualTo(text.replace("*3*", "<italic>3</italic>"));
    assertThat(Shown.finished("\\*a\\* \\_b\\_ \\`c\\`")).isEqualTo("*a* _b_ `c`");
  }

  @Test
  void offsets_count_utf_16_units_in_every_script() {
    RichText message = Markup.render("😀 **Привет** 👩‍👩‍👧‍👦 *שלום* `日本`", true);

    assertThat(message.text()).isEqualTo("😀 Привет 👩‍👩‍👧‍👦 שלום 日本");
    assertThat(message.spans())
        .containsExactly(
            new Span(3, 6, Style.BOLD, ""),
            new Span(22, 4, Style.ITALIC, ""),
            new Span(27, 2, Style.CODE, ""));
  }

  @Test
  void text_in_which_nothing_can_be_seen_is_empty() {
    for (String nothing :
        new String[] {"", " \n\t", "\u200b\u2060\ufeff\u00ad", "\u3164", "**\u200b**"}) {
      assertThat(Markup.render(nothing, true)).isEqualTo(RichText.EMPTY);
      assertThat(Markup.render(nothing, false)).isEqualTo(RichText.EMPTY);
    }
  }

  @Test
  void halves_of_characters_and_control_characters_are_replaced() {
    assertThat(Shown.finished("a\ud83d b \ude00 c\u0007d &#xD83D;"))
        .isEqualTo("a\ufffd b \ufffd c d \ufffd");
    assertThat(Shown.finished("a\ud83d")).isEqualTo("a");
  }

  @Test
  void an_address_that_is_elsewhere_stays_there() {
    assertThat(
            Shown.finished("See [this][1] and [that].\n\n[1]: http://a.example \"T\"\n[that]: /x"))
        .isEqualTo(
            """
            See [this][1] and [that].

            [1]: <code>http://a.example</code> "T"
            [that]: <code>/x</code>\
            """);
  }

  @Test
  void deep_nesting_becomes_text() {
    assertThat(Shown.finished("> ".repeat(5_000) + "x")).contains("x</blockquote>");
    assertThat(Shown.finished("![".repeat(5_000) + "x" + "](u)".repeat(5_000))).contains("x");
    assertThat(Shown.finished("*a ".repeat(5_000) + "b*".repeat(5_000))).contains("b");
  }

  @Test
  void a_table_with_too_many_cells_is_text() {
    String wide = "|a".repeat(1_000) + "|\n" + "|-".repeat(1_000) + "|\n" + "|a\n".repeat(1_000);

    assertThat(Shown.finished(wide)).isEqualTo(wide.strip());
  }

  @Test
  void telegram_gets_at_most_as_many_entities_as_it_keeps() {
    RichText styled = Markup.render("**a** `b` ".repeat(80), true);
    assertThat(styled.spans()).hasSize(Entities.MAX);
    assertThat(styled.spans()).filteredOn(s -> s.style() == Style.CODE).hasSize(80);

    String links = "@name_1 ".repeat(120).strip();
    RichText covered = Markup.render(links, true);
    assertThat(covered.spans()).hasSize(Entities.MAX);
    assertThat(covered.spans().getLast().end()).isEqualTo(links.length());
  }
}
