package dev.parley.gateway.chat;

import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Usage;

/// One change in what the user of a turn should see. Offsets and lengths count UTF-16 units, as Java
/// and browsers do.
public sealed interface TurnEvent {

  /// The answer grew: `added` stands at `offset` of the whole text.
  record Text(String added, int offset) implements TurnEvent {
    public Text {
      if (offset < 0) {
        throw new IllegalArgumentException("offset must not be negative: " + offset);
      }
    }
  }

  /// What was shown so far counts no more: the answer now reads `wholeText` (possibly nothing yet).
  record Restarted(String wholeText) implements TurnEvent {}

  /// The turn has not begun; `before` other turns of its conversation or user come first.
  record Position(int before) implements TurnEvent {
    public Position {
      if (before < 0) {
        throw new IllegalArgumentException("before must not be negative: " + before);
      }
    }
  }

  /// The last event. `wholeText` is everything that was answered, `sentence` is what to tell the user
  /// when that is not a complete answer (an apology, why it stopped), else empty.
  record Ended(EndReason end, String wholeText, Usage usage, String sentence)
      implements TurnEvent {}
}
