package dev.parley.shared.grammar;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A set of Unicode characters: code points without the surrogates, which no UTF-8 text holds.
final class CodePoints {
  /// Every character.
  static final CodePoints ALL = of(List.of(new Range(0, Character.MAX_CODE_POINT)));

  /// From one code point to another, both included.
  record Range(int from, int to) {}

  /// Ascending, with gaps between them.
  private final List<Range> ranges;

  private CodePoints(List<Range> ranges) {
    this.ranges = ranges;
  }

  /// @param ranges in any order
  static CodePoints of(List<Range> ranges) {
    List<Range> sorted = new ArrayList<>();
    for (Range range : ranges) {
      add(sorted, range.from(), Math.min(range.to(), Character.MIN_SURROGATE - 1));
      add(sorted, Math.max(range.from(), Character.MAX_SURROGATE + 1), range.to());
    }
    sorted.sort(Comparator.comparingInt(Range::from));
    List<Range> merged = new ArrayList<>();
    for (Range range : sorted) {
      if (!merged.isEmpty() && range.from() <= merged.getLast().to() + 1) {
        Range last = merged.removeLast();
        merged.add(new Range(last.from(), Math.max(last.to(), range.to())));
      } else {
        merged.add(range);
      }
    }
    return new CodePoints(List.copyOf(merged));
  }

  private static void add(List<Range> into, int from, int to) {
    if (from <= to) {
      into.add(new Range(from, to));
    }
  }

  /// Every character that is not in it.
  CodePoints negated() {
    List<Range> gaps = new ArrayList<>();
    int from = 0;
    for (Range range : ranges) {
      add(gaps, from, range.from() - 1);
      from = range.to() + 1;
    }
    add(gaps, from, Character.MAX_CODE_POINT);
    return of(gaps);
  }

  boolean isEmpty() {
    return ranges.isEmpty();
  }

  boolean contains(int codePoint) {
    return meets(codePoint, codePoint);
  }

  /// Whether one of the code points from one to another, both included, is in it.
  boolean meets(int from, int to) {
    for (Range range : ranges) {
      if (range.from() > to) {
        return false;
      }
      if (range.to() >= from) {
        return true;
      }
    }
    return false;
  }
}
