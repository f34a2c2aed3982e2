package dev.parley.gateway.telegram.markup;

import java.util.List;
import java.util.Locale;

/// A message in one line of text: `<bold>Hi</bold>`, code with its language as `<pre java>`.
final class Shown {
  private Shown() {}

  static String finished(String markdown) {
    return of(Markup.render(markdown, true));
  }

  static String growing(String markdown) {
    return of(Markup.render(markdown, false));
  }

  static List<String> pages(String markdown, int limit) {
    return Pages.of(markdown, true, limit).stream().map(Shown::of).toList();
  }

  static String of(RichText message) {
    StringBuilder shown = new StringBuilder();
    String text = message.text();
    for (int i = 0; i <= text.length(); i++) {
      int at = i;
      message.spans().reversed().stream()
          .filter(s -> s.end() == at)
          .forEach(s -> shown.append("</").append(name(s)).append('>'));
      message.spans().stream()
          .filter(s -> s.offset() == at)
          .forEach(s -> shown.append('<').append(name(s)).append(language(s)).append('>'));
      if (i < text.length()) {
        shown.append(text.charAt(i));
      }
    }
    return shown.toString();
  }

  private static String name(Span span) {
    return span.style().name().toLowerCase(Locale.ROOT);
  }

  private static String language(Span span) {
    return span.language().isEmpty() ? "" : " " + span.language();
  }
}
