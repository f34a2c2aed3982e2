package dev.parley.gateway.telegram.markup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class PagesSoupTest {
  private static final int CASES = 1_500;

  /// @param name of the text, if the check fails
  private static void checkClosedPagesStay(
      List<RichText> pages, List<RichText> whole, String name, Object... numbers) {
    int closed = Math.max(0, pages.size() - 1);
    if (closed > whole.size() || !pages.subList(0, closed).equals(whole.subList(0, closed))) {
      fail(name, numbers);
    }
  }

  @Test
  void closed_pages_stay_while_the_text_grows() {
    for (int seed = 0; seed < CASES / 2; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      String soup = Soup.any(random, 60);
      int limit = 8 + random.nextInt(80);
      List<RichText> whole = Pages.of(soup, true, limit);
      Pages growing = new Pages(limit);
      for (int end = 1; end < soup.length(); end += 1 + random.nextInt(40)) {
        String prefix = soup.substring(0, end);
        List<RichText> pages = Pages.of(prefix, false, limit);
        checkClosedPagesStay(
            pages, whole, "Soup.any with seed %d, limit %d, prefix of %d", seed, limit, end);
        if (!growing.show(prefix, false).equals(pages)) {
          fail("Soup.any with seed %d, limit %d, growing to %d", seed, limit, end);
        }
      }
    }
  }

  @Test
  void pages_fit_and_show_something() {
    for (int seed = 0; seed < 2 * CASES; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      String soup = Soup.any(random, 60);
      int limit = 1 + random.nextInt(120);
      for (RichText page : Pages.of(soup, true, limit)) {
        if (page.isEmpty() || page.text().length() > limit) {
          fail("%s of Soup.any with seed %d, limit %d", page, seed, limit);
        }
      }
    }
  }

  @Test
  void no_letter_is_lost_or_moved() {
    for (int seed = 0; seed < CASES; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      String soup = Soup.lettered(random, 80);
      int limit = 60 + random.nextInt(200);
      String letters =
          Pages.of(soup, true, limit).stream()
              .map(page -> MarkupSoupTest.letters(page.text()))
              .collect(Collectors.joining());
      if (!letters.equals(MarkupSoupTest.letters(soup))) {
        fail("Soup.lettered with seed %d, limit %d", seed, limit);
      }
    }
  }

  @Test
  void every_prefix_of_a_rich_text_keeps_its_closed_pages() {
    List<RichText> whole = Pages.of(MarkupSoupTest.RICH, true, 120);
    Pages growing = new Pages(120);
    for (int end = 1; end <= MarkupSoupTest.RICH.length(); end++) {
      String prefix = MarkupSoupTest.RICH.substring(0, end);
      checkClosedPagesStay(growing.show(prefix, false), whole, "prefix of %d", end);
    }
    assertThat(growing.show(MarkupSoupTest.RICH, true)).isEqualTo(whole);
  }

  @Test
  void a_long_answer_keeps_its_closed_pages_and_its_letters() {
    SplittableRandom random = new SplittableRandom(20_000);
    StringBuilder soup = new StringBuilder();
    while (soup.length() < 20_000) {
      soup.append(Soup.lettered(random, 100)).append("\n\n");
    }
    String answer = soup.toString();
    List<RichText> whole = Pages.of(answer, true, 4_096);
    Pages growing = new Pages(4_096);
    for (int end = 1; end < answer.length(); end += 61) {
      String prefix = answer.substring(0, end);
      checkClosedPagesStay(growing.show(prefix, false), whole, "prefix of %d", end);
    }

    assertThat(growing.show(answer, true)).isEqualTo(whole);
    assertThat(whole.size()).isBetween(5, 6);
    assertThat(
            whole.stream()
                .map(page -> MarkupSoupTest.letters(page.text()))
                .collect(Collectors.joining()))
        .isEqualTo(MarkupSoupTest.letters(answer));
  }
}
