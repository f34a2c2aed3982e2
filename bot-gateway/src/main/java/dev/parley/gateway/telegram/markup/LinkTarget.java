package dev.parley.gateway.telegram.markup;

/// The `(address "title")` of a link, perhaps half of it.
///
/// @param end the index after what is there of it, of which a bracket that is open may not be seen
///     yet; negative when there is none
/// @param closing what closes it; empty when it is whole
record LinkTarget(int end, String closing) {
  private static final LinkTarget ABSENT = new LinkTarget(-1, "");

  /// Brackets inside brackets, as CommonMark has it.
  private static final int MAX_DEPTH = 32;

  boolean isAbsent() {
    return end < 0;
  }

  boolean isOpen() {
    return !closing.isEmpty();
  }

  /// The target that begins at an index.
  static LinkTarget at(String text, int from) {
    if (from >= text.length() || text.charAt(from) != '(') {
      return ABSENT;
    }
    int at = afterSpace(text, from + 1);
    if (at < text.length() && text.charAt(at) == '<') {
      return bracketed(text, at + 1);
    }
    return address(text, at);
  }

  private static LinkTarget bracketed(String text, int from) {
    for (int at = from; at < text.length(); at++) {
      switch (text.charAt(at)) {
        case '>' -> {
          return title(text, at + 1);
        }
        case '<', '\n' -> {
          return ABSENT;
        }
        case '\\' -> at++;
        default -> {}
      }
    }
    return open(text, ">)");
  }

  private static LinkTarget address(String text, int from) {
    int depth = 0;
    int unbalanced = from;
    int at = from;
    while (at < text.length() && !Glyphs.isSpace(text.charAt(at))) {
      char c = text.charAt(at);
      if (c == ')' && depth == 0) {
        return new LinkTarget(at + 1, "");
      }
      unbalanced = c == '(' && depth == 0 ? at : unbalanced;
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      at += c == '\\' ? 2 : 1;
      if (depth > MAX_DEPTH) {
        return ABSENT;
      }
    }
    if (at < text.length()) {
      return depth > 0 ? ABSENT : title(text, at);
    }
    return depth > 0 ? new LinkTarget(unbalanced, ")") : open(text, ")");
  }

  private static LinkTarget title(String text, int from) {
    int at = afterSpace(text, from);
    if (at >= text.length()) {
      return open(text, ")");
    }
    char quote = text.charAt(at);
    if (quote != ')' && at > from && "\"'(".indexOf(quote) >= 0) {
      char end = quote == '(' ? ')' : quote;
      int after = after(text, at + 1, end);
      if (after < 0) {
        return open(text, end + ")");
      }
      at = afterSpace(text, after);
      if (at >= text.length()) {
        return open(text, ")");
      }
    }
    return text.charAt(at) == ')' ? new LinkTarget(at + 1, "") : ABSENT;
  }

  private static LinkTarget open(String text, String closing) {
    return new LinkTarget(text.length(), closing);
  }

  private static int afterSpace(String text, int from) {
    int at = from;
    while (at < text.length() && Glyphs.isSpace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /// The index after the next such character, or -1.
  private static int after(String text, int from, char end) {
    for (int at = from; at < text.length(); at++) {
      if (text.charAt(at) == end) {
        return at + 1;
      }
      if (text.charAt(at) == '\\') {
        at++;
      }
    }
    return -1;
  }
}
