package dev.parley.doubles.telegram;

/// A call that came when it should not have.
///
/// @param atMs in the double's time
/// @param retryAfterS what the bot was told to wait, s
public record Violation(long atMs, Method method, long chatId, Kind kind, int retryAfterS) {

  /// Which rule was broken.
  public enum Kind {
    PRIVATE_CHAT,
    GROUP,
    WHOLE_BOT,
    /// The chat had answered 429, and the time that it named was not over.
    BEFORE_ITS_TIME
  }
}
