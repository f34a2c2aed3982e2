package dev.parley.shared.wire;

/// What a record's constructor insists on.
final class Require {
  private Require() {}

  /// @throws IllegalArgumentException with the message when it does not hold
  static void that(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  /// A number between the bounds, both included; never NaN.
  static void within(String name, double value, double min, double max) {
    that(value >= min && value <= max, name + " must be from " + min + " to " + max);
  }

  /// How many of the last tokens something looks at.
  static void lastN(String name, int value) {
    that(value >= -1, name + " must be -1 (all tokens) or more");
  }
}
