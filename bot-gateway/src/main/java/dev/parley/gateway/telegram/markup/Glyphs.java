package dev.parley.gateway.telegram.markup;

import java.util.PrimitiveIterator;

/// What characters are for a reader: nothing, space, or something one or two columns wide.
final class Glyphs {
  private static final char REPLACEMENT = '\ufffd';
  private static final int JOINER = 0x200d;
  private static final int LAST_C1 = 0x9f;

  /// Letters and symbols by their type, but empty ones.
  private static final String FILLERS = "\u115f\u1160\u2800\u3164\uffa0";

  /// First and last code point of each range whose characters fill two columns.
  private static final int[][] WIDE = {
    {0x1100, 0x115f}, {0x2e80, 0x303e}, {0x3041, 0xa4cf}, {0xac00, 0xd7a3}, {0xf900, 0xfaff},
    {0xfe30, 0xfe6f}, {0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x1f300, 0x1faff}, {0x20000, 0x3fffd}
  };

  private Glyphs() {}

  static boolean isSpace(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  static boolean isSpace(String text) {
    return text.codePoints().allMatch(Glyphs::isSpace);
  }

  /// Whether a reader would see nothing: Telegram refuses most of such messages, and the others are
  /// of no use.
  static boolean isBlank(String text) {
    return text.codePoints().allMatch(Glyphs::isInvisible);
  }

  private static boolean isInvisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK ->
          true;
      default -> FILLERS.indexOf(c) >= 0;
    };
  }

  /// Text of the same length that a request can carry: a replacement for each half of a character,
  /// and a space for each control character, as Telegram has it.
  static String clean(String text) {
    StringBuilder clean = new StringBuilder(text);
    for (int i = 0; i < clean.length(); i++) {
      char c = clean.charAt(i);
      if (isHalf(text, i)) {
        clean.setCharAt(i, REPLACEMENT);
      } else if ((c < ' ' && c != '\n' && c != '\t') || (c >= 0x7f && c <= LAST_C1)) {
        clean.setCharAt(i, ' ');
      }
    }
    return clean.toString();
  }

  /// Text of whole characters. The first half of one at the end goes: the other may still come.
  static String whole(String text) {
    int end = text.length();
    if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    StringBuilder whole = new StringBuilder(end).append(text, 0, end);
    for (int i = 0; i < end; i++) {
      if (isHalf(text, i) || text.charAt(i) == 0) {
        whole.setCharAt(i, REPLACEMENT);
      }
    }
    return whole.toString();
  }

  private static boolean isHalf(String text, int at) {
    char c = text.charAt(at);
    if (Character.isHighSurrogate(c)) {
      return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
    }
    return Character.isLowSurrogate(c)
        && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
  }

  /// Columns in a monospaced font, nearly: what fonts do with emoji sequences differs.
  static int width(String text) {
    int width = 0;
    boolean joined = false;
    PrimitiveIterator.OfInt all = text.codePoints().iterator();
    while (all.hasNext()) {
      int c = all.nextInt();
      if (!joined && !isInvisible(c)) {
        width += isWide(c) ? 2 : 1;
      } else if (Character.getType(c) == Character.SPACE_SEPARATOR) {
        width++;
      }
      joined = c == JOINER;
    }
    return width;
  }

  private static boolean isWide(int c) {
    for (int[] range : WIDE) {
      if (c <= range[1]) {
        return c >= range[0];
      }
    }
    return false;
  }
}
