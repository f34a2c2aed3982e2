package dev.parley.gateway.telegram.markup;

import java.text.BreakIterator;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/// Where a text that is too long for a page is best cut.
///
/// All whitespace at a border belongs to the page before it, where it is not seen; so that text may
/// be one unit longer than the page.
final class Border {

  /// A blank line must leave this share of a page, and any other border less, or else the next kind
  /// of border is taken: most of an almost empty page would be wasted.
  private static final int BLANK_LINE_SHARE = 2;

  private static final int SHARE = 8;

  private static final String SENTENCE_ENDS = ".!?…";
  private static final String WIDE_SENTENCE_ENDS = "。！？";
  private static final String CLOSERS = "\"'*_)]}»”’";

  private final String window;
  private final int limit;

  /// @param window at least one unit longer than the page; what follows does not matter
  private Border(String window, int limit) {
    this.window = window.substring(0, limit + 1);
    this.limit = limit;
  }

  /// An offset in the text: after a blank line, a line, a sentence, a word, or else between two
  /// characters.
  ///
  /// @param isCode whether an offset is inside code, whose blank lines are no borders
  static int in(String text, int limit, IntPredicate isCode) {
    Border border = new Border(text, limit);
    int at =
        border.last(limit / BLANK_LINE_SHARE, i -> border.isAfterBlankLine(i) && !isCode.test(i));
    // Empty lines of code go with what follows them.
    List<IntPredicate> others =
        List.of(
            i -> border.isAfterLine(i) && !border.isAfterBlankLine(i),
            border::isAfterSentence,
            border::isAfterWord);
    for (IntPredicate other : others) {
      at = at > 0 ? at : border.last(limit / SHARE, other);
    }
    return at > 0 ? at : hard(text, limit);
  }

  /// The last such border that leaves enough, or -1.
  private int last(int least, IntPredicate isBorder) {
    for (int at = window.length(); at >= Math.max(1, least); at--) {
      if (isBorder.test(at)) {
        return at;
      }
    }
    return -1;
  }

  private boolean isAfterLine(int at) {
    return window.charAt(at - 1) == '\n';
  }

  private boolean isAfterBlankLine(int at) {
    if (!isAfterLine(at)) {
      return false;
    }
    int before = at - 2;
    while (before >= 0 && window.charAt(before) != '\n' && Glyphs.isSpace(window.charAt(before))) {
      before--;
    }
    return before >= 0 && window.charAt(before) == '\n';
  }

  private boolean isAfterWord(int at) {
    return Glyphs.isSpace(window.charAt(at - 1));
  }

  private boolean isAfterSentence(int at) {
    int last = at - 1;
    if (!isAfterWord(at)) {
      return at <= limit && WIDE_SENTENCE_ENDS.indexOf(window.charAt(last)) >= 0;
    }
    while (last > 0 && CLOSERS.indexOf(window.charAt(last - 1)) >= 0) {
      last--;
    }
    return last > 0 && SENTENCE_ENDS.indexOf(window.charAt(last - 1)) >= 0;
  }

  /// Between two characters as a reader sees them, if one fits.
  private static int hard(String text, int limit) {
    // The last character may begin at the limit: two units say which it is.
    String window = text.substring(0, Math.min(text.length(), limit + 2));
    BreakIterator characters = BreakIterator.getCharacterInstance(Locale.ROOT);
    characters.setText(window);
    int at = characters.isBoundary(limit) ? limit : characters.preceding(limit);
    if (at > 0) {
      return at;
    }
    boolean pair = Character.isSurrogatePair(text.charAt(limit - 1), text.charAt(limit));
    return pair && limit > 1 ? limit - 1 : limit;
  }
}
