package dev.parley.gateway.telegram.markup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PagesTest {
  private static final int LIMIT = 4_096;

  private static List<String> texts(String markdown, int limit) {
    return Pages.of(markdown, true, limit).stream().map(RichText::text).toList();
  }

  @Test
  void what_just_fits_is_one_page_and_one_unit_more_makes_two() {
    String full = "x".repeat(LIMIT);

    assertThat(texts(full, LIMIT)).containsExactly(full);
    assertThat(texts(full + "\n ", LIMIT)).containsExactly(full);
    assertThat(texts(full + "y", LIMIT)).containsExactly(full, "y");
    assertThat(texts("Ж".repeat(LIMIT + 1), LIMIT))
        .extracting(String::length)
        .containsExactly(LIMIT, 1);
  }

  @Test
  void nothing_to_see_is_no_page() {
    assertThat(Pages.of("", true, LIMIT)).isEmpty();
    assertThat(Pages.of(" \n\u200b\u2060\ufeff\u00ad\u3164\n", true, LIMIT)).isEmpty();
    assertThat(Pages.of("\u200b".repeat(10_000), true, LIMIT)).isEmpty();
    assertThat(texts("\n".repeat(10_000) + "x", LIMIT)).containsExactly("x");
    assertThatIllegalArgumentException().isThrownBy(() -> new Pages(0));
  }

  @Test
  void a_blank_line_is_the_best_border_if_half_a_page_is_before_it() {
    assertThat(texts("One two.\nThree\n\nfour. Five\nsix seven", 30))
        .containsExactly("One two.\nThree", "four. Five\nsix seven");
    assertThat(texts("One\n\ntwo. Three\nfour. Five six seven", 30))
        .containsExactly("One\n\ntwo. Three", "four. Five six seven");
  }

  @Test
  void then_a_line_a_sentence_and_a_word_end_a_page() {
    assertThat(texts("One. Two three\nfour five six", 20))
        .containsExactly("One. Two three", "four five six");
    assertThat(texts("One (two). Three four five six", 20))
        .containsExactly("One (two).", "Three four five six");
    assertThat(texts("日本語です。これはペンです", 8)).containsExactly("日本語です。", "これはペンです");
    assertThat(texts("One two three four five", 14)).containsExactly("One two three", "four five");
    assertThat(texts("a bcdefghijklmnopqrstuvwxyz", 24))
        .containsExactly("a bcdefghijklmnopqrstuvw", "xyz");
  }

  @Test
  void characters_are_never_cut() {
    String family = "👩‍👩‍👧‍👦";

    assertThat(texts(family.repeat(3), 25)).containsExactly(family.repeat(2), family);
    assertThat(texts("a" + "👍🏽".repeat(3), 8)).containsExactly("a👍🏽", "👍🏽👍🏽");
    assertThat(texts("xx" + "e\u0301".repeat(4), 5))
        .containsExactly("xxe\u0301", "e\u0301e\u0301", "e\u0301");
    assertThat(texts("😀".repeat(3), 1 + 2)).containsExactly("😀", "😀", "😀");
    assertThat(texts(family, 3)).containsExactly("👩\u200d", "👩\u200d", "👧\u200d", "👦");
  }

  @Test
  void code_that_is_cut_goes_on_with_its_language_and_its_indentation() {
    String code = "int a;\n\n  if (b) {\n      c();\n\n      d();\n  }";

    assertThat(Shown.pages("Code:\n```java\n" + code + "\n```\nEnd **x**", 30))
        .containsExactly(
            "Code:\n<pre java>int a;</pre>",
            "<pre java>\n  if (b) {\n      c();</pre>",
            "<pre java>\n      d();\n  }</pre>\nEnd <bold>x</bold>");
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', 100",
    "'- item', '  ', 100",
    "'> quote', '> ', 100",
    "'1. a\n   - b', '     ', 600"
  })
  void cut_code_is_exactly_the_code(String before, String margin, int limit) {
    String code =
        IntStream.range(0, 400)
            .mapToObj(i -> i % 7 == 3 ? "" : " ".repeat(i % 13) + "line " + i)
            .collect(Collectors.joining("\n"));
    String fenced = margin + ("```go\n" + code + "\n```").replace("\n", "\n" + margin);

    List<RichText> pages = Pages.of(before + "\n" + fenced, true, limit);

    assertThat(
            pages.stream()
                .flatMap(page ->
                    page.spans().stream()
                        .filter(s -> s.style() == Style.PRE)
                        .map(s -> page.text().substring(s.offset(), s.end())))
                .collect(Collectors.joining("\n")))
        .isEqualTo(code);
    assertThat(pages)
        .allSatisfy(p -> assertThat(p.spans()).anyMatch(s -> s.language().equals("go")));
  }

  @Test
  void a_blank_line_in_code_is_no_better_than_its_other_lines() {
    assertThat(Shown.pages("```\naaaa\nbbbb\n\ncccc\ndddd\neeee\nffff\n```", 28))
        .containsExactly("<pre>aaaa\nbbbb\n\ncccc\ndddd</pre>", "<pre>eeee\nffff</pre>");
  }

  @Test
  void lists_quotes_and_styles_go_on() {
    assertThat(Shown.pages("- one\n  - two\n    - three\n    - four\n  - five\n- six", 28))
        .containsExactly("• one\n  • two\n    • three", "• four\n  • five\n• six");
    assertThat(Shown.pages("1. a\n1. b\n1. c\n1. d\n", 10))
        .containsExactly("1. a\n2. b", "3. c\n4. d");
    assertThat(Shown.pages("> one two three\n> four five six", 20))
        .containsExactly(
            "<blockquote>one two three</blockquote>", "<blockquote>four five six</blockquote>");
    assertThat(Shown.pages("a **bold that goes on** b", 16))
        .containsExactly("a <bold>bold that</bold>", "<bold>goes on</bold> b");
  }

  @Test
  void a_table_that_is_cut_goes_on_as_it_was_written() {
    assertThat(Shown.pages("| a | b |\n|---|---|\n| c | d |\n| e | f |\n| g | h |\n\nEnd", 32))
        .containsExactly(
            "<pre>| a | b |\n|---|---|\n| c | d |</pre>", "<pre>| e | f |\n| g | h |</pre>\n\nEnd");
  }

  @Test
  void a_table_may_grow_as_far_as_the_page_has_room() {
    String table = "|a|b|\n|-|-|\n|" + "x".repeat(20) + "|y|\n|1|2|";

    assertThat(Shown.pages(table, 120))
        .containsExactly(
            "<pre>a                    | b\n---------------------|--\nxxxxxxxxxxxxxxxxxxxx | y\n"
                + "1                    | 2</pre>");
    assertThat(Shown.pages(table, 60)).containsExactly("<pre>" + table + "</pre>");
  }

  @Test
  void an_address_on_two_pages_is_live_on_none() {
    List<RichText> pages =
        Pages.of("http://example.com/" + "x".repeat(30) + ".evil.com/y", true, 40);

    assertThat(pages)
        .hasSize(2)
        .allSatisfy(p -> assertThat(p.spans()).extracting(Span::style).containsOnly(Style.CODE));
  }

  @Test
  void text_without_markdown_is_all_there() {
    String text =
        IntStream.range(0, 3_000)
            .mapToObj(i -> "слово" + i + (i % 11 == 0 ? ".\n\n" : i % 5 == 0 ? ",\n" : " "))
            .collect(Collectors.joining());

    List<String> pages = texts(text, LIMIT);

    assertThat(String.join("", pages).replaceAll("\\s", "")).isEqualTo(text.replaceAll("\\s", ""));
    assertThat(pages).allMatch(p -> p.length() <= LIMIT);
    assertThat(pages.subList(0, pages.size() - 1)).allMatch(p -> p.length() > LIMIT / 2);
  }

  @Test
  void a_long_answer_with_code_in_code_keeps_all_of_it() {
    String answer =
        IntStream.range(0, 150)
            .mapToObj(i ->
                """
                ## Часть %d

                Some **text** for it, <b>HTML</b> and 1_2 *stars*.

                ````md
                ```java
                int x = %d;

                    y();
                ```
                ````

                - a list
                  - of _things_

                """
                    .formatted(i, i))
            .collect(Collectors.joining());
    assertThat(answer.length()).isGreaterThan(20_000);

    List<RichText> pages = Pages.of(answer, true, LIMIT);

    assertThat(pages.size()).isBetween(5, 7);
    String all = pages.stream().map(RichText::text).collect(Collectors.joining("\n"));
    for (int i = 0; i < 150; i++) {
      assertThat(all).contains("Часть " + i + "\n", "```java\nint x = " + i + ";\n\n    y();\n```");
    }
    assertThat(all).doesNotContain("````", "**", "##");
  }

  @Test
  void an_answer_may_begin_anew() {
    Pages pages = new Pages(10);

    assertThat(pages.show("one two three", false)).hasSize(2);
    assertThat(pages.show("four five six", true))
        .extracting(RichText::text)
        .containsExactly("four five", "six");
    assertThat(pages.show("", false)).isEmpty();
  }
}
