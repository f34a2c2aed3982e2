package dev.parley.shared.kafka;

/// The range check of the settings records.
final class Checks {
  private Checks() {}

  static <T extends Comparable<T>> void between(String name, T value, T least, T most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "%s must be between %s and %s, not %s".formatted(name, least, most, value));
    }
  }
}
