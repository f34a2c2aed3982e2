package dev.parley.shared.grammar;

import dev.parley.shared.grammar.Element.Repeat;

/// A GBNF text and how far it has been read: its words and characters, its white space and comments, and where a fault
/// is.
final class GbnfText {
  /// How often something comes.
  ///
  /// @param max [Repeat#NO_END] for any number
  record Times(int min, int max) {}

  private final String text;
  private int at;

  GbnfText(String text) {
    this.text = text;
  }

  int position() {
    return at;
  }

  boolean atEnd() {
    return at == text.length();
  }

  /// The next character; a line end at the end.
  char peek() {
    return atEnd() ? '\n' : text.charAt(at);
  }

  GrammarException fault(String what) {
    return fault(at, what);
  }

  GrammarException fault(int position, String what) {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < position; i++) {
      if (text.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    int column = text.codePointCount(lineStart, position) + 1;
    return new GrammarException("line %d, column %d: %s".formatted(line, column, what));
  }

  static boolean isWord(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || isDigit(c);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /// Skips blanks and comments.
  ///
  /// @param lines whether line ends are blanks too
  void skipSpace(boolean lines) {
    while (!atEnd()) {
      char c = peek();
      if (c == '#') {
        skipComment();
      } else if (c == ' ' || c == '\t' || (lines && (c == '\r' || c == '\n'))) {
        at++;
      } else {
        return;
      }
    }
  }

  private void skipComment() {
    while (!atEnd() && peek() != '\r' && peek() != '\n') {
      at++;
    }
  }

  boolean accept(char c) {
    if (!atEnd() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  void expect(String word) {
    if (!text.startsWith(word, at)) {
      throw fault("here should be " + word);
    }
    at += word.length();
  }

  void expectLineEnd() {
    boolean ended = atEnd() || accept('\r') || accept('\n');
    if (!ended) {
      throw fault("here should be the end of the rule");
    }
  }

  String name() {
    int start = at;
    while (!atEnd() && isWord(peek())) {
      at++;
    }
    if (start == at) {
      throw fault("here should be the name of a rule (letters, digits and -)");
    }
    return text.substring(start, at);
  }

  /// A `-` that stands between two characters of a set.
  boolean acceptRange() {
    if (text.startsWith("-", at) && !text.startsWith("-]", at)) {
      at++;
      return true;
    }
    return false;
  }

  /// A character of a literal or a set, escaped or not.
  int character() {
    if (atEnd()) {
      throw fault("a literal or set of characters does not end");
    }
    int start = at;
    int c = text.codePointAt(at);
    at += Character.charCount(c);
    if (c == '\\') {
      c = escaped();
    }
    boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    if (surrogate || c < 0 || c > Character.MAX_CODE_POINT) {
      throw fault(start, "this is no Unicode character");
    }
    return c;
  }

  private int escaped() {
    char c = peek();
    at += atEnd() ? 0 : 1;
    return switch (c) {
      case 'x' -> hex(2);
      case 'u' -> hex(4);
      case 'U' -> hex(8);
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'n' -> '\n';
      case '\\', '"', '[', ']', '-' -> c;
      default ->
          throw fault(
              "after \\ here should be one of x u U t r n \\ \" [ ] - (as \\x41, \\u0041,"
                  + " \\U00000041)");
    };
  }

  private int hex(int digits) {
    int value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = atEnd() ? -1 : Character.digit(peek(), 16);
      if (digit < 0 || peek() > 'f') {
        throw fault("here should be " + digits + " hexadecimal digits");
      }
      value = (value << 4) + digit;
      at++;
    }
    return value;
  }

  /// One of `* + ? {m} {m,} {m,n}`.
  Times times() {
    if (accept('*')) {
      return new Times(0, Repeat.NO_END);
    }
    if (accept('+')) {
      return new Times(1, Repeat.NO_END);
    }
    if (accept('?')) {
      return new Times(0, 1);
    }
    int start = at;
    expect("{");
    skipSpace(true);
    int min = count();
    int max = min;
    skipSpace(true);
    if (accept(',')) {
      skipSpace(true);
      max = isDigit(peek()) ? count() : Repeat.NO_END;
      skipSpace(true);
    }
    expect("}");
    if (max != Repeat.NO_END && max < min) {
      throw fault(start, "the most repetitions are fewer than the least");
    }
    return new Times(min, max);
  }

  private int count() {
    int start = at;
    int value = 0;
    while (isDigit(peek())) {
      value = Math.min(10 * value + (peek() - '0'), Grammar.MAX_REPETITIONS + 1);
      at++;
    }
    if (start == at) {
      throw fault("here should be a number of repetitions");
    }
    if (value > Grammar.MAX_REPETITIONS) {
      throw fault(start, "more than %d repetitions".formatted(Grammar.MAX_REPETITIONS));
    }
    return value;
  }
}
