package dev.parley.doubles.telegram;

/// Telegram's flood limits as numbers. Telegram publishes only their rough size; here they are exact, so that a bot that
/// keeps them keeps the real ones too.
///
/// @param privateBurst calls that a private chat takes at once
/// @param privateMs after this time such a chat takes one more, ms
/// @param groupCalls calls that a group takes in any window
/// @param groupWindowMs length of that window, ms
/// @param botCalls calls of the whole bot in any window
/// @param botWindowMs length of that window, ms
public record FloodRules(
    int privateBurst,
    long privateMs,
    int groupCalls,
    long groupWindowMs,
    int botCalls,
    long botWindowMs) {

  public FloodRules {
    if (privateBurst < 1 || groupCalls < 1 || botCalls < 1) {
      throw new IllegalArgumentException("a limit lets at least one call through");
    }
    if (privateMs < 0 || groupWindowMs < 0 || botWindowMs < 0) {
      throw new IllegalArgumentException("a limit's time is not negative");
    }
  }

  /// One a second and three at once in a private chat, 20 a minute in a group, 30 a second in all.
  public static FloodRules telegram() {
    return new FloodRules(3, 1_000, 20, 60_000, 30, 1_000);
  }

  /// None: for tests of something else.
  public static FloodRules none() {
    int many = 1_000_000_000;
    return new FloodRules(many, 0, many, 0, many, 0);
  }
}
