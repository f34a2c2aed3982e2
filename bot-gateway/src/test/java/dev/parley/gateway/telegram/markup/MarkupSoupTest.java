package dev.parley.gateway.telegram.markup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class MarkupSoupTest {
  private static final int CASES = 4_000;

  /// What all prefixes of are shown; none of the markers in it is text at its place.
  static final String RICH =
      """
      # Title *it* and `code`

      Some **bold `code` text** and _it_ ~~gone~~ with ***both*** of
      them, [a link](https://example.com/x_y) and ![img](http://i.example/p.png "t").

      - one
      - two **b**
        - nested [l](<a b>)
          going on
      - [ ] task
      - [x] done

        ```python
        def f():
            return 1

        f()
        ```

      1. first ~~s~~
      2. second ``a`b``

      > quote **q** `c`
      > > nested @mention

      | Name | Age |
      |:-----|----:|
      | **Анна** | 3 |
      | 日本 | `12` |

      ---

      ````md
      ```
      inside
      ```
      ````

      The end &amp; <http://e.example/y> more.
      """;

  @Test
  void random_markdown_gives_a_message_that_is_never_longer() {
    for (int seed = 0; seed < CASES; seed++) {
      String soup = Soup.any(new SplittableRandom(seed), 40);
      for (boolean finished : new boolean[] {true, false}) {
        if (Markup.render(soup, finished).text().length() > soup.length()) {
          fail("longer than Soup.any with seed %d and at most 40, finished: %s", seed, finished);
        }
      }
    }
  }

  @Test
  void no_letter_is_lost_or_moved() {
    for (int seed = 0; seed < CASES; seed++) {
      String soup = Soup.lettered(new SplittableRandom(seed), 30);
      for (boolean finished : new boolean[] {true, false}) {
        if (!letters(Markup.render(soup, finished).text()).equals(letters(soup))) {
          fail(
              "not all of Soup.lettered with seed %d and at most 30, finished: %s", seed, finished);
        }
      }
    }
  }

  /// Without what is drawn for markup or counted anew.
  static String letters(String text) {
    return text.chars()
        .filter(Character::isLetter)
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }

  @Test
  void every_prefix_of_a_rich_text_is_calm() {
    String before = "";
    for (int end = 1; end <= RICH.length(); end++) {
      List<RichText> pages = Pages.of(RICH.substring(0, end), false, 4_096);
      RichText page = pages.isEmpty() ? RichText.EMPTY : pages.getFirst();
      String text = page.text();

      if (page.spans().stream().noneMatch(s -> isCodeTo(s, text.length()))) {
        assertThat(text).as("%d characters", end).doesNotContainPattern("[*_~`|\\[#\\\\]$");
      }
      // The columns of a table move while it grows.
      boolean table = text.contains("Name") && !before.contains("———");
      assertThat(table || commonPrefix(before, text) >= before.length() - "&amp".length())
          .as("%s stays with %d characters", before, end)
          .isTrue();
      before = text;
    }
    assertThat(before).isEqualTo(Pages.of(RICH, true, 4_096).getFirst().text());
  }

  private static boolean isCodeTo(Span span, int end) {
    return span.style() == Style.PRE && span.end() == end;
  }

  private static int commonPrefix(String a, String b) {
    int at = 0;
    while (at < Math.min(a.length(), b.length()) && a.charAt(at) == b.charAt(at)) {
      at++;
    }
    return at;
  }
}
