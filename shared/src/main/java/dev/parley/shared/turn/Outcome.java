package dev.parley.shared.turn;

/// What a script without a richer reply answers. Each method of [TurnStore] names the ones it uses.
public enum Outcome {
  /// The effect is there, now or since an earlier call with the same arguments.
  OK,
  /// Not yet: the time has not come, or the state before an end is not the one asked for.
  LATER,
  /// The turn ended; for a worker: stop, and accept the record.
  ENDED,
  /// Another attempt owns the turn (or none does).
  OTHER,
  /// Another gateway owns the turn.
  NOT_OWNER,
  /// There is no such turn: Redis was emptied, or the tombstone expired.
  MISSING,
  /// There is one already.
  EXISTS,
  /// What the caller observed is no longer so.
  LOST,
  /// Redis was emptied and nobody has opened a new epoch yet.
  COLD
}
