package dev.parley.gateway.dispatch;

import dev.parley.shared.turn.TurnRef;

/// Decides what becomes of a prompt that the queue gave up on.
@FunctionalInterface
public interface DeadLetterHandler {
  /// May come more than once for one prompt. When it throws, it is called again later with the
  /// same prompt, and later ones wait.
  ///
  /// @param turn from the record's key
  /// @param value the prompt as it was produced; maybe undecodable
  /// @param reason the queue's words for why it gave up
  void deadLettered(TurnRef turn, byte[] value, String reason);
}
