package dev.parley.gateway.telegram.markup;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/// The text of one message and the spans over it, such that Telegram takes both unchanged: it
/// refuses blank messages, trims whitespace, and drops or splits entities that overlap partly or
/// are nested in a way it does not know.
///
/// Leading whitespace is possible inside code only, where Telegram keeps it.
///
/// @param text may be empty, when there is nothing to show
/// @param spans by offset, and those around others first
public record RichText(String text, List<Span> spans) {

  static final Comparator<Span> ORDER =
      Comparator.comparingInt(Span::offset)
          .thenComparing(Comparator.comparingInt(Span::length).reversed())
          .thenComparing(Span::style);

  /// Nothing to show.
  public static final RichText EMPTY = new RichText("", List.of());

  public RichText {
    spans = List.copyOf(spans);
    if (!text.isEmpty()) {
      checkEnds(text, spans);
    }
    checkNesting(text, spans);
  }

  public boolean isEmpty() {
    return text.isEmpty();
  }

  private static void checkEnds(String text, List<Span> spans) {
    check(!Glyphs.isBlank(text), "nothing in it can be seen");
    check(!Glyphs.isSpace(text.charAt(text.length() - 1)), "it ends with whitespace");
    boolean code = spans.stream().anyMatch(s -> s.style() == Style.PRE && s.offset() == 0);
    check(code || !Glyphs.isSpace(text.charAt(0)), "it begins with whitespace");
  }

  private static void checkNesting(String text, List<Span> spans) {
    check(spans.stream().sorted(ORDER).toList().equals(spans), "spans are out of order");
    Deque<Span> around = new ArrayDeque<>();
    for (Span span : spans) {
      check(isBoundary(text, span.offset()) && isBoundary(text, span.end()), "span out of range");
      while (!around.isEmpty() && around.peek().end() <= span.offset()) {
        around.pop();
      }
      around.forEach(outer -> checkInside(outer, span));
      around.push(span);
    }
  }

  private static void checkInside(Span outer, Span inner) {
    check(inner.end() <= outer.end(), "spans overlap partly");
    check(inner.style() != outer.style(), "a style inside itself");
    check(inner.style() != Style.BLOCKQUOTE, "a quote inside another span");
    check(!outer.style().isExclusive(), "a span inside code");
    check(
        !inner.style().isExclusive() || outer.style() == Style.BLOCKQUOTE,
        "code inside another style");
  }

  private static boolean isBoundary(String text, int at) {
    boolean inside = at > 0 && at < text.length();
    return at <= text.length()
        && !(inside && Character.isSurrogatePair(text.charAt(at - 1), text.charAt(at)));
  }

  private static void check(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalArgumentException("not a message: " + problem);
    }
  }
}
