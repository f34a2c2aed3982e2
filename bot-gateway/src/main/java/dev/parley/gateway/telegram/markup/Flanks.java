package dev.parley.gateway.telegram.markup;

/// What is on both sides of a run of `*`, `_` or `~`, which says whether it can open or close.
///
/// @param left whether it stands before a word, so to speak: CommonMark's left-flanking
/// @param right whether it stands after one
/// @param markBefore whether punctuation is before it
/// @param markAfter whether punctuation is after it
record Flanks(boolean left, boolean right, boolean markBefore, boolean markAfter) {

  static Flanks of(String text, int from, int to) {
    int before = from == 0 ? '\n' : text.codePointBefore(from);
    int after = to == text.length() ? '\n' : text.codePointAt(to);
    boolean spaceBefore = Glyphs.isSpace(before);
    boolean spaceAfter = Glyphs.isSpace(after);
    boolean markBefore = !spaceBefore && isMark(before);
    boolean markAfter = !spaceAfter && isMark(after);
    return new Flanks(
        !spaceAfter && (!markAfter || spaceBefore || markBefore),
        !spaceBefore && (!markBefore || spaceAfter || markAfter),
        markBefore,
        markAfter);
  }

  boolean canOpen(char kind) {
    return left && (kind != '_' || !right || markBefore);
  }

  boolean canClose(char kind) {
    return right && (kind != '_' || !left || markAfter);
  }

  private static boolean isMark(int c) {
    return switch (Character.getType(c)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION,
          Character.MATH_SYMBOL,
          Character.CURRENCY_SYMBOL,
          Character.MODIFIER_SYMBOL,
          Character.OTHER_SYMBOL ->
          true;
      default -> false;
    };
  }
}
