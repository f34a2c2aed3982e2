package dev.parley.gateway.chat;

import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnState;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Usage;
import java.util.Optional;

/// A turn as its user should see it now: the whole text so far and, once it has ended, how.
///
/// @param before turns that come first while this one waits, else 0
/// @param end why it ended; empty while it has not
/// @param sentence what to tell the user beside the text, or empty
public record AnswerView(
    TurnRef turn,
    TurnState state,
    int before,
    String text,
    Optional<EndReason> end,
    Usage usage,
    String sentence) {

  public AnswerView {
    if (before < 0) {
      throw new IllegalArgumentException("before must not be negative: " + before);
    }
  }
}
