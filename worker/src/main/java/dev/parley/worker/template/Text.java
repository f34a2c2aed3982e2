package dev.parley.worker.template;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/// An immutable string whose every char knows where it came from: a message's content, by the
/// message's index, or the template.
///
/// Every string operation of the evaluator is built from [#slice], [#concat] and [#map], so the
/// origin survives all of them; there is no operation that mixes origins silently.
final class Text {
  static final Text EMPTY = new Text("", new int[0], new int[0]);

  private final String chars;
  // run i covers chars ends[i - 1] (or 0) to ends[i] and came from origins[i]; neighbours differ
  private final int[] ends;
  private final int[] origins;

  Text(String chars, int[] ends, int[] origins) {
    this.chars = chars;
    this.ends = ends;
    this.origins = origins;
  }

  static Text template(String chars) {
    return of(chars, Segment.TEMPLATE);
  }

  static Text of(String chars, int origin) {
    return chars.isEmpty()
        ? EMPTY
        : new Text(chars, new int[] {chars.length()}, new int[] {origin});
  }

  int length() {
    return chars.length();
  }

  boolean isEmpty() {
    return chars.isEmpty();
  }

  Text concat(Text other) {
    if (other.isEmpty()) {
      return this;
    }
    return isEmpty() ? other : new TextBuilder().append(this).append(other).build();
  }

  Text slice(int from, int to) {
    if (from >= to) {
      return EMPTY;
    }
    if (from == 0 && to == chars.length()) {
      return this;
    }
    TextBuilder part = new TextBuilder();
    copyTo(part, from, to);
    return part.build();
  }

  /// Replaces each char by a string of the same origin.
  Text map(IntFunction<String> replacement) {
    TextBuilder mapped = new TextBuilder();
    int run = 0;
    for (int i = 0; i < chars.length(); i++) {
      while (i >= ends[run]) {
        run++;
      }
      mapped.append(replacement.apply(chars.charAt(i)), origins[run]);
    }
    return mapped.build();
  }

  /// The code points in the opposite order.
  Text reversed() {
    TextBuilder reversed = new TextBuilder();
    int end = chars.length();
    while (end > 0) {
      int start = chars.offsetByCodePoints(end, -1);
      copyTo(reversed, start, end);
      end = start;
    }
    return reversed.build();
  }

  void copyTo(TextBuilder target, int from, int to) {
    int run = runAt(from);
    int start = from;
    while (start < to) {
      int end = Math.min(ends[run], to);
      target.append(chars, start, end, origins[run]);
      start = end;
      run++;
    }
  }

  private int runAt(int position) {
    int found = Arrays.binarySearch(ends, position);
    return found < 0 ? -found - 1 : found + 1;
  }

  List<Segment> segments() {
    List<Segment> segments = new ArrayList<>(ends.length);
    int start = 0;
    for (int run = 0; run < ends.length; run++) {
      segments.add(new Segment(chars.substring(start, ends[run]), origins[run]));
      start = ends[run];
    }
    return segments;
  }

  /// The chars without their origins.
  @Override
  public String toString() {
    return chars;
  }
}
