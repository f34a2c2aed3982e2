package dev.parley.gateway.chat;

import dev.parley.shared.turn.TurnRef;
import java.time.Duration;

/// What became of a submitted message.
public sealed interface Submission {

  /// The turn is recorded and will be answered.
  ///
  /// @param before how many turns come first; 0 when its time has come
  record Accepted(TurnRef turn, int before, Turns.Subscription subscription) implements Submission {
    public Accepted {
      if (before < 0) {
        throw new IllegalArgumentException("before must not be negative: " + before);
      }
    }
  }

  /// The message was submitted before; this is its turn.
  record Existing(AnswerView view, Turns.Subscription subscription) implements Submission {}

  /// The message is not taken, and no answer will come.
  ///
  /// @param sentence the reason in words for the user
  /// @param retryAfter when a retry makes sense; zero when it makes none
  record Refused(Refusal reason, String sentence, Duration retryAfter) implements Submission {
    public Refused {
      if (sentence.isBlank()) {
        throw new IllegalArgumentException("a refusal must say why");
      }
      if (retryAfter.isNegative()) {
        throw new IllegalArgumentException("retryAfter must not be negative: " + retryAfter);
      }
    }
  }

  /// Why a message is not taken.
  enum Refusal {
    /// The message itself cannot be answered: too long, empty, malformed.
    INVALID,
    /// It was to replace a message that is not the conversation's newest one.
    NOT_NEWEST,
    /// This user or conversation has too much waiting.
    TOO_MANY,
    /// A server that is needed does not answer, or the whole system is full.
    UNAVAILABLE
  }
}
