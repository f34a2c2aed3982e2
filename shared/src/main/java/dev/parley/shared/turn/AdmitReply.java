package dev.parley.shared.turn;

/// Answer to [TurnStore#admit].
public sealed interface AdmitReply {

  /// @param state READY (dispatch it) or WAITING
  /// @param before turns of the conversation that come first
  /// @param admittedMs by the store's clock
  /// @param deadlineMs latest end, by the store's clock
  record Admitted(TurnState state, int before, long admittedMs, long deadlineMs)
      implements AdmitReply {}

  /// The same message again.
  ///
  /// @param ownerAlive acknowledge the platform if so, else adopt the turn and resume
  record Existing(TurnView turn, boolean ownerAlive) implements AdmitReply {}

  /// Too many turns wait in this conversation.
  record Full() implements AdmitReply {}

  /// The epoch is young: ask again until what survived has been put back.
  record Wait() implements AdmitReply {}

  /// Open an epoch first.
  record Cold() implements AdmitReply {}
}
