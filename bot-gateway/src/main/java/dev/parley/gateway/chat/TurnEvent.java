package dev.parley.gateway.chat;

import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.TokenLogprob;
import dev.parley.shared.wire.Usage;
import java.util.List;

/// One change in what the user of a turn should see. Offsets and lengths count UTF-16 units, as Java
/// and browsers do.
public sealed interface TurnEvent {

  /// The answer grew: `added` stands at `offset` of the whole text.
  ///
  /// @param added empty when only `logprobs` came
  /// @param logprobs of the tokens that came, if the request wants them, else none; each is told once after
  ///     the last [Restarted], in order
  record Text(String added, int offset, List<TokenLogprob> logprobs) implements TurnEvent {
    public Text {
      logprobs = List.copyOf(logprobs);
      if (offset < 0) {
        throw new IllegalArgumentException("offset must not be negative: " + offset);
      }
    }

    /// Without logprobs.
    public Text(String added, int offset) {
      this(added, offset, List.of());
    }
  }

  /// What was shown so far counts no more: the answer now reads `wholeText` (possibly nothing yet).
  ///
  /// @param logprobs of all tokens so far, if the request wants them, else none
  record Restarted(String wholeText, List<TokenLogprob> logprobs) implements TurnEvent {
    public Restarted {
      logprobs = List.copyOf(logprobs);
    }

    /// Without logprobs.
    public Restarted(String wholeText) {
      this(wholeText, List.of());
    }
  }

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
