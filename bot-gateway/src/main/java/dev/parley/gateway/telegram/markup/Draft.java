package dev.parley.gateway.telegram.markup;

import java.util.List;

/// What Markdown shows, before it is a message: with whitespace around, links still live, and spans
/// nested as the Markdown was.
record Draft(String text, List<Span> spans) {

  Draft {
    spans = List.copyOf(spans);
  }

  static Draft plain(String text) {
    return new Draft(Glyphs.clean(text), List.of());
  }

  /// What comes after the text of an earlier page.
  ///
  /// The line end between two lines of code goes with the cut; all else in code stays, so that its
  /// lines keep their indentation.
  Draft after(String shown) {
    int from = shown.length();
    if (spans.stream()
        .anyMatch(s -> s.style() == Style.PRE && s.offset() < from && from < s.end())) {
      return between(afterLineEnd(from), text.length());
    }
    return between(from, text.length());
  }

  private int afterLineEnd(int from) {
    int at = from;
    while (at < text.length() && Glyphs.isSpace(text.charAt(at))) {
      if (text.charAt(at++) == '\n') {
        return at;
      }
    }
    return from;
  }

  /// The message, which is empty when nothing could be seen.
  RichText finish() {
    if (Glyphs.isBlank(text)) {
      return RichText.EMPTY;
    }
    Draft kept = trimmed();
    return new RichText(kept.text, Entities.of(kept.text, kept.spans));
  }

  private Draft trimmed() {
    int first = 0;
    while (Glyphs.isSpace(text.charAt(first))) {
      first++;
    }
    int end = text.length();
    while (Glyphs.isSpace(text.charAt(end - 1))) {
      end--;
    }
    for (Span span : spans) {
      if (span.style() == Style.PRE && span.contains(first)) {
        first = span.offset();
      }
    }
    return between(first, end);
  }

  private Draft between(int from, int to) {
    List<Span> inside =
        spans.stream()
            .filter(s -> s.touches(from, to))
            .map(s -> s.cut(from, to).movedBack(from))
            .toList();
    return new Draft(text.substring(from, to), inside);
  }
}
