package dev.parley.worker.template;

/// Character classes as the reference renderer has them: ASCII only.
final class Ascii {
  private Ascii() {}

  static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean isLower(char c) {
    return c >= 'a' && c <= 'z';
  }

  static boolean isUpper(char c) {
    return c >= 'A' && c <= 'Z';
  }

  static boolean isWord(char c) {
    return isLower(c) || isUpper(c) || isDigit(c) || c == '_';
  }

  static char lower(char c) {
    return isUpper(c) ? (char) (c + ('a' - 'A')) : c;
  }

  static char upper(char c) {
    return isLower(c) ? (char) (c - ('a' - 'A')) : c;
  }
}
