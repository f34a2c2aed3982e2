package dev.parley.gateway.conversation;

import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.EndReason;
import java.util.List;

/// One finished turn as the history keeps it (JSON in Redis).
///
/// @param asked the user's messages
/// @param answer the final text, possibly cut short
/// @param answerIds the tokens the answer was generated with, empty when unknown
/// @param fingerprint of the model that made them
/// @param tokens of the exchange in the prompt of the next turn, counted by the worker; an estimate
///     when no worker counted
/// @param end how it ended
public record PastExchange(
    String turnId,
    List<ChatMessage> asked,
    String answer,
    List<Integer> answerIds,
    String fingerprint,
    int tokens,
    EndReason end) {

  public PastExchange {
    asked = List.copyOf(asked);
    answerIds = List.copyOf(answerIds);
  }

  /// Whether the model should see it again: something was answered.
  public boolean usable() {
    return !answer.isEmpty();
  }
}
