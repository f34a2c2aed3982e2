package dev.parley.shared.turn;

import dev.parley.shared.wire.Delta;
import java.util.List;

/// Answer to [TurnStore#claim].
public sealed interface ClaimReply {

  /// The attempt owns the turn.
  ///
  /// @param deltas what was shown already, to be continued; empty for a fresh start
  /// @param restarts goes with every delta
  /// @param alone two attempts died on it: run it with no batch mates
  record Run(List<Delta> deltas, long restarts, boolean alone) implements ClaimReply {
    public Run {
      deltas = List.copyOf(deltas);
    }
  }

  /// Hold the record for one lease, then ask again.
  record Wait() implements ClaimReply {}

  /// Another record serves the turn: accept this one.
  record Drop() implements ClaimReply {}

  /// Nothing to do any more: accept the record.
  record Ended(TurnState state) implements ClaimReply {}

  /// A record past its deadline of a turn nobody knows: accept it, count it.
  record TooOld() implements ClaimReply {}

  /// Redis was emptied: ask again.
  record Cold() implements ClaimReply {}
}
