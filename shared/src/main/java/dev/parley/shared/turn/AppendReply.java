package dev.parley.shared.turn;

/// Answer to [TurnStore#append].
public sealed interface AppendReply {

  /// All deltas up to the last given one are stored.
  record Ok() implements AppendReply {}

  /// Deltas after `stored` are missing: send again from there.
  record Gap(long stored) implements AppendReply {}

  /// Another attempt owns the turn, or none.
  record Other() implements AppendReply {}

  /// The turn ended (cancelled, expired): stop.
  record Ended() implements AppendReply {}

  /// No such turn: restore it.
  record Missing() implements AppendReply {}

  record Cold() implements AppendReply {}
}
