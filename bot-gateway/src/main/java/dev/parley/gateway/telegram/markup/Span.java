package dev.parley.gateway.telegram.markup;

/// A styled stretch of a message. Telegram counts UTF-16 units, as Java does.
///
/// @param language of the code in a [Style#PRE]; empty when unknown, and for the other styles
public record Span(int offset, int length, Style style, String language) {

  public Span {
    if (offset < 0 || length < 1) {
      throw new IllegalArgumentException("no span has " + length + " units from " + offset);
    }
    if (style != Style.PRE && !language.isEmpty()) {
      throw new IllegalArgumentException("only code has a language, not " + style);
    }
  }

  static Span between(int from, int to, Style style) {
    return new Span(from, to - from, style, "");
  }

  /// The offset after the last unit.
  public int end() {
    return offset + length;
  }

  boolean contains(int at) {
    return offset <= at && at < end();
  }

  /// Whether a part of it lies between two offsets.
  boolean touches(int from, int to) {
    return offset < to && from < end();
  }

  /// The part between two offsets that it touches.
  Span cut(int from, int to) {
    int first = Math.max(offset, from);
    return new Span(first, Math.min(end(), to) - first, style, language);
  }

  Span movedBack(int units) {
    return new Span(offset - units, length, style, language);
  }
}
