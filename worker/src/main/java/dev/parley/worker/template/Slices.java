package dev.parley.worker.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Python's `[start:stop:step]` and `[index]`.
final class Slices {
  private Slices() {}

  static Optional<Value> at(List<Value> items, long index) {
    long at = index < 0 ? index + items.size() : index;
    return at < 0 || at >= items.size() ? Optional.empty() : Optional.of(items.get((int) at));
  }

  static List<Value> slice(
      List<Value> items, Optional<Long> start, Optional<Long> stop, long step) {
    int size = items.size();
    long lowest = step > 0 ? 0 : -1;
    long highest = step > 0 ? size : size - 1;
    long at = start.map(s -> bounded(s, size, lowest, highest)).orElse(step > 0 ? lowest : highest);
    long end = stop.map(s -> bounded(s, size, lowest, highest)).orElse(step > 0 ? highest : lowest);
    List<Value> slice = new ArrayList<>();
    while (step > 0 ? at < end : at > end) {
      slice.add(items.get((int) at));
      at = Math.clamp(at + step, -1L, size);
    }
    return slice;
  }

  private static long bounded(long bound, int size, long lowest, long highest) {
    return Math.clamp(bound < 0 ? bound + size : bound, lowest, highest);
  }

  static Text slice(Text text, Optional<Long> start, Optional<Long> stop, long step) {
    TextBuilder slice = new TextBuilder();
    for (Value each : slice(StringMethods.characters(text), start, stop, step)) {
      if (each instanceof Value.Str(Text character)) {
        slice.append(character);
      }
    }
    return slice.build();
  }
}
