package dev.parley.doubles.telegram;

import java.util.Optional;

/// Somebody pressed a button.
///
/// @param queryId what the bot has to answer
/// @param answer what the bot answered, once it has
public record Press(
    String queryId, User user, int messageId, Button button, long atMs, Optional<Answered> answer) {

  /// The bot's answer to a press.
  ///
  /// @param text a notice at the top of the screen; empty: the button only stops waiting
  /// @param alert whether it is a window instead
  public record Answered(long atMs, String text, boolean alert) {}

  Press answered(Answered with) {
    return new Press(queryId, user, messageId, button, atMs, Optional.of(with));
  }
}
