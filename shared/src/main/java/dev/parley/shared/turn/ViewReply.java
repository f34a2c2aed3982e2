package dev.parley.shared.turn;

/// Answer to [TurnStore#view].
public sealed interface ViewReply {

  /// @param turn with the deltas that were asked for
  /// @param lastDelta number of the last delta in the buffer
  /// @param atWork whether a living worker is at work on its attempt
  record Found(TurnView turn, long lastDelta, boolean atWork) implements ViewReply {}

  record Missing() implements ViewReply {}

  record Cold() implements ViewReply {}
}
