package dev.parley.worker.template;

import dev.parley.worker.template.Value.Str;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/// Python's `[start:stop:step]` and `[index]`; of a string they count code points.
final class Slices {
  private Slices() {}

  static Optional<Value> at(List<Value> items, long index) {
    long at = index < 0 ? index + items.size() : index;
    return at < 0 || at >= items.size() ? Optional.empty() : Optional.of(items.get((int) at));
  }

  static Optional<Value> at(Text text, long index) {
    int[] offsets = offsets(text.toString());
    int size = offsets.length - 1;
    long at = index < 0 ? index + size : index;
    return at < 0 || at >= size
        ? Optional.empty()
        : Optional.of(new Str(text.slice(offsets[(int) at], offsets[(int) at + 1])));
  }

  static List<Value> slice(
      List<Value> items, Optional<Long> start, Optional<Long> stop, long step) {
    List<Value> slice = new ArrayList<>();
    walk(items.size(), start, stop, step, at -> slice.add(items.get(at)));
    return slice;
  }

  static Text slice(Text text, Optional<Long> start, Optional<Long> stop, long step) {
    TextBuilder slice = new TextBuilder();
    int[] offsets = offsets(text.toString());
    walk(
        offsets.length - 1,
        start,
        stop,
        step,
        at -> text.copyTo(slice, offsets[at], offsets[at + 1]));
    return slice.build();
  }

  /// Where each code point begins, and the end.
  private static int[] offsets(String chars) {
    int[] offsets = new int[chars.codePointCount(0, chars.length()) + 1];
    for (int i = 1; i < offsets.length; i++) {
      offsets[i] = chars.offsetByCodePoints(offsets[i - 1], 1);
    }
    return offsets;
  }

  private static void walk(
      int size, Optional<Long> start, Optional<Long> stop, long step, IntConsumer visit) {
    long lowest = step > 0 ? 0 : -1;
    long highest = step > 0 ? size : size - 1;
    long at = start.map(s -> bounded(s, size, lowest, highest)).orElse(step > 0 ? lowest : highest);
    long end = stop.map(s -> bounded(s, size, lowest, highest)).orElse(step > 0 ? highest : lowest);
    while (step > 0 ? at < end : at > end) {
      visit.accept((int) at);
      at += Math.clamp(step, -1L - size, 1L + size);
    }
  }

  private static long bounded(long bound, int size, long lowest, long highest) {
    return Math.clamp(bound < 0 ? bound + size : bound, lowest, highest);
  }
}
