package dev.parley.shared.wire;

import java.util.List;

/// "Don't repeat yourself": a token that would prolong a repetition loses
/// `multiplier * base ^ (repeated length - allowedLength)` of its logit.
///
/// @param multiplier 0 (off) to 100
/// @param base 1 to 10
/// @param allowedLength tokens that may repeat freely, 1 to 1,000
/// @param lastN how many of the last tokens are searched for repetitions, 0 none, -1 all
/// @param breakers texts that no repetition goes across, at most [#MAX_BREAKERS]
public record Dry(
    double multiplier, double base, int allowedLength, int lastN, List<String> breakers) {
  public static final int MAX_BREAKERS = 16;

  /// Longest breaker, in UTF-16 units.
  public static final int MAX_BREAKER_CHARS = 40;

  public static final double MAX_MULTIPLIER = 100;
  public static final double MAX_BASE = 10;
  public static final int MAX_ALLOWED_LENGTH = 1_000;

  /// Off, with what counts when only a multiplier is given.
  public static final Dry NONE = new Dry(0, 1.75, 2, 64, List.of("\n", ":", "\"", "*"));

  public Dry {
    breakers = List.copyOf(breakers);
    Require.within("dry multiplier", multiplier, 0, MAX_MULTIPLIER);
    Require.within("dry base", base, 1, MAX_BASE);
    Require.within("dry allowed length", allowedLength, 1, MAX_ALLOWED_LENGTH);
    Require.lastN("dry lastN", lastN);
    Require.that(
        breakers.size() <= MAX_BREAKERS, "at most " + MAX_BREAKERS + " dry sequence breakers");
    Require.that(
        breakers.stream().allMatch(b -> !b.isEmpty() && b.length() <= MAX_BREAKER_CHARS),
        "a dry sequence breaker has 1 to " + MAX_BREAKER_CHARS + " characters");
  }

  /// Whether it may change anything.
  public boolean active() {
    return multiplier > 0 && lastN != 0;
  }
}
