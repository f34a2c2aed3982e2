package dev.parley.worker.template;

import java.util.ArrayList;
import java.util.List;

/// Where two renderings differ, in whole markers (`<...>` or `[...]`) where possible.
///
/// @param left what only the first has between the common start and the common end
/// @param right what only the second has there
record Difference(String left, String right) {

  /// A marker or the text between markers.
  record Piece(String text, boolean marker) {}

  static Difference of(String left, String right) {
    if (right.startsWith(left)) {
      return new Difference("", right.substring(left.length()));
    }
    List<Piece> a = pieces(left);
    List<Piece> b = pieces(right);
    int start = 0;
    int shorter = Math.min(a.size(), b.size());
    while (start < shorter && a.get(start).equals(b.get(start))) {
      start++;
    }
    int end = 0;
    while (end < shorter - start && last(a, end).equals(last(b, end))) {
      end++;
    }
    return trimmed(a.subList(start, a.size() - end), b.subList(start, b.size() - end));
  }

  private static Piece last(List<Piece> pieces, int fromEnd) {
    return pieces.get(pieces.size() - 1 - fromEnd);
  }

  private static Difference trimmed(List<Piece> a, List<Piece> b) {
    String left = joined(a);
    String right = joined(b);
    if (a.isEmpty() || b.isEmpty()) {
      return new Difference(left, right);
    }
    boolean textEnds = !a.getLast().marker() && !b.getLast().marker();
    int suffix = textEnds ? commonSuffix(left, right) : 0;
    String leftRest = left.substring(0, left.length() - suffix);
    String rightRest = right.substring(0, right.length() - suffix);
    boolean textStarts = !a.getFirst().marker() && !b.getFirst().marker();
    int prefix = textStarts ? commonPrefix(leftRest, rightRest) : 0;
    return new Difference(leftRest.substring(prefix), rightRest.substring(prefix));
  }

  private static String joined(List<Piece> pieces) {
    StringBuilder joined = new StringBuilder();
    pieces.forEach(piece -> joined.append(piece.text()));
    return joined.toString();
  }

  static int commonPrefix(String left, String right) {
    int length = 0;
    int most = Math.min(left.length(), right.length());
    while (length < most && left.charAt(length) == right.charAt(length)) {
      length++;
    }
    return length;
  }

  private static int commonSuffix(String left, String right) {
    int length = 0;
    int most = Math.min(left.length(), right.length());
    while (length < most
        && left.charAt(left.length() - 1 - length) == right.charAt(right.length() - 1 - length)) {
      length++;
    }
    return length;
  }

  /// The pieces that are more than whitespace.
  static List<Piece> solid(String text) {
    return pieces(text).stream().filter(piece -> !piece.text().isBlank()).toList();
  }

  private static int closeOf(String text, int at, int lastAngle, int lastSquare) {
    return switch (text.charAt(at)) {
      case '<' -> at < lastAngle ? text.indexOf('>', at) : -1;
      case '[' -> at < lastSquare ? text.indexOf(']', at) : -1;
      default -> -1;
    };
  }

  private static List<Piece> pieces(String text) {
    List<Piece> pieces = new ArrayList<>();
    int lastAngle = text.lastIndexOf('>');
    int lastSquare = text.lastIndexOf(']');
    int border = 0;
    int at = 0;
    while (at < text.length()) {
      int close = closeOf(text, at, lastAngle, lastSquare);
      if (close < 0) {
        at++;
        continue;
      }
      if (border < at) {
        pieces.add(new Piece(text.substring(border, at), false));
      }
      pieces.add(new Piece(text.substring(at, close + 1), true));
      at = close + 1;
      border = at;
    }
    if (border < text.length()) {
      pieces.add(new Piece(text.substring(border), false));
    }
    return pieces;
  }
}
