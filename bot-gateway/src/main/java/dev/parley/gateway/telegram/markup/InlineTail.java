package dev.parley.gateway.telegram.markup;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What is still open where the text of a block stops: which markers at its end say nothing yet,
/// and what closes the others.
///
/// It follows CommonMark's rules for code, links and emphasis as far as half-written text needs;
/// the parser has the last word on the completed text.
final class InlineTail {

  /// A marker that waits for its other half.
  ///
  /// @param kind its character
  private record Open(char kind, int start, int end) {
    int count() {
      return end - start;
    }
  }

  /// As many nested styles as are understood, and some markers that are none.
  private static final int MAX_OPEN = 64;

  /// A bracket that has not been closed for so long begins no link.
  private static final int MAX_LINK_TEXT = 100;

  private static final Pattern TAG = Pattern.compile("<(?:/?[A-Za-z]|[!?])[^<>]*>");
  private static final Pattern AUTOLINK =
      Pattern.compile("<[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\\s<>]*$");

  /// A tag or an address, nobody knows yet.
  private static final Pattern EITHER = Pattern.compile("<(?:[A-Za-z][A-Za-z0-9+.-]*)?$");

  private final String text;
  private final boolean growing;
  private final List<Open> open = new ArrayList<>();

  /// What closes the innermost thing, inside which nothing else can open: code or an address.
  private String innermost = "";

  private int end;

  private InlineTail(String text, boolean growing) {
    this.text = text;
    this.growing = growing;
    this.end = text.length();
  }

  /// @param growing whether text is still to come, so that markers at the end may be halves
  static InlineTail of(String block, boolean growing) {
    // Half of an escape would escape what closes.
    String text = growing && endsInEscape(block) ? block.substring(0, block.length() - 1) : block;
    InlineTail tail = new InlineTail(text, growing);
    int at = 0;
    while (at < tail.end) {
      at = tail.next(at);
    }
    tail.dropEmpty();
    return tail;
  }

  private static boolean endsInEscape(String text) {
    int at = text.length();
    while (at > 0 && text.charAt(at - 1) == '\\') {
      at--;
    }
    return (text.length() - at) % 2 == 1;
  }

  /// The index after which markers say nothing yet.
  int end() {
    return end;
  }

  /// What closes all that is open.
  String closing() {
    StringBuilder closing = new StringBuilder(innermost);
    boolean linked = innermost.endsWith(")");
    boolean struck = false;
    for (Open marker : open.reversed()) {
      switch (marker.kind) {
        case '[' -> {
          // No link is inside another.
          boolean link = growing && !linked && isLinkText(marker);
          closing.append(link ? "]()" : "");
          linked |= link;
        }
        case '~' -> {
          // Four tildes would close nothing.
          closing.append(struck ? "" : "~~");
          struck = true;
        }
        default -> closing.repeat(marker.kind, marker.count());
      }
    }
    return closing.toString();
  }

  private boolean isLinkText(Open bracket) {
    return end - bracket.end <= MAX_LINK_TEXT && text.indexOf('\n', bracket.end) < 0;
  }

  /// Reads what is at an index.
  ///
  /// @return the index after it
  private int next(int at) {
    char c = text.charAt(at);
    return switch (c) {
      case '\\' -> at + 2;
      case '`' -> code(at);
      case '<' -> angle(at);
      case '*', '_', '~' -> delimiters(at, c);
      case '[' -> openBracket(at);
      case ']' -> closeBracket(at);
      default -> at + 1;
    };
  }

  private int code(int at) {
    int from = afterRun(at);
    int length = from - at;
    int run = text.indexOf('`', from);
    while (run >= 0) {
      int after = afterRun(run);
      if (after - run == length) {
        return after;
      }
      if (growing && after == end) {
        end = run;
      }
      run = text.indexOf('`', after);
    }
    String inside = text.substring(from, end).stripTrailing();
    if (inside.isEmpty()) {
      end = growing ? at : end;
      return Math.max(from, end);
    }
    innermost = (inside.endsWith("`") ? " " : "") + "`".repeat(length);
    return end;
  }

  private int angle(int at) {
    Matcher tag = TAG.matcher(text).region(at, end);
    if (tag.lookingAt()) {
      return tag.end();
    }
    if (AUTOLINK.matcher(text).region(at, end).lookingAt()) {
      innermost = ">";
      return end;
    }
    if (growing && EITHER.matcher(text).region(at, end).lookingAt()) {
      end = at;
    }
    return at + 1;
  }

  private int delimiters(int at, char kind) {
    int after = afterRun(at);
    int length = after - at;
    boolean half = growing && after == end;
    if (kind == '~' && length != 2 && !(half && length == 1)) {
      return after;
    }
    Flanks flanks = Flanks.of(text, at, after);
    if (half) {
      closeHalf(at, kind, length, flanks);
      return after;
    }
    int left = flanks.canClose(kind) ? close(kind, length) : length;
    if (left > 0 && flanks.canOpen(kind) && open.size() < MAX_OPEN) {
      open.add(new Open(kind, after - left, after));
    }
    return after;
  }

  /// Markers at the very end: a whole closing marker, the first half of one, or an opening one.
  private void closeHalf(int at, char kind, int length, Flanks flanks) {
    Open last = null;
    for (Open marker : open) {
      last = marker.kind == kind ? marker : last;
    }
    if (last == null || !flanks.canClose(kind) || length < last.count()) {
      end = at;
    } else {
      end -= close(kind, length);
    }
  }

  /// Closes open markers of a kind, the last first.
  ///
  /// @return how many characters of the closing marker are left
  private int close(char kind, int length) {
    int left = length;
    for (int i = open.size() - 1; i >= 0 && left > 0; i--) {
      Open marker = open.get(i);
      if (marker.kind != kind || (kind == '~' && marker.count() != left)) {
        continue;
      }
      int used = Math.min(left, marker.count());
      left -= used;
      // What was opened inside can no longer be closed; a link may still be.
      open.subList(i + 1, open.size()).removeIf(inner -> inner.kind != '[');
      if (used == marker.count()) {
        open.remove(i);
      } else {
        open.set(i, new Open(kind, marker.start, marker.end - used));
      }
    }
    return left;
  }

  private int openBracket(int at) {
    boolean image = at > 0 && text.charAt(at - 1) == '!';
    // `[text][label]` has its address elsewhere.
    boolean label = at > 0 && text.charAt(at - 1) == ']';
    if (!label && open.size() < MAX_OPEN) {
      open.add(new Open('[', image ? at - 1 : at, at + 1));
    }
    return at + 1;
  }

  private int closeBracket(int at) {
    int bracket = open.size() - 1;
    while (bracket >= 0 && open.get(bracket).kind != '[') {
      bracket--;
    }
    if (bracket < 0) {
      return at + 1;
    }
    LinkTarget target = LinkTarget.at(text, at + 1);
    boolean whole = !target.isAbsent() && !target.isOpen();
    boolean half = target.isAbsent() ? at + 1 == end : target.isOpen();
    if (!whole && !(half && growing)) {
      open.remove(bracket);
      return at + 1;
    }
    open.subList(bracket, open.size()).clear();
    if (whole) {
      return target.end();
    }
    innermost = target.isAbsent() ? "()" : target.closing();
    end = target.isAbsent() ? end : target.end();
    return end;
  }

  /// Opening markers with nothing after them.
  private void dropEmpty() {
    int last = text.substring(0, end).stripTrailing().length();
    while (growing && innermost.isEmpty() && !open.isEmpty() && open.getLast().end == last) {
      end = open.removeLast().start;
      last = text.substring(0, end).stripTrailing().length();
    }
  }

  private int afterRun(int at) {
    int after = at + 1;
    while (after < end && text.charAt(after) == text.charAt(at)) {
      after++;
    }
    return after;
  }
}
