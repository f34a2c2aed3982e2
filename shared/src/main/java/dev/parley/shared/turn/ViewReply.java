package dev.parley.shared.turn;

/// Answer to [TurnStore#view].
public sealed interface ViewReply {

  /// @param turn with the deltas that were asked for
  /// @param lastDelta number of the last delta in the buffer
  /// @param workerAlive whether the process that runs it is
  record Found(TurnView turn, long lastDelta, boolean workerAlive) implements ViewReply {}

  record Missing() implements ViewReply {}

  record Cold() implements ViewReply {}
}
