package dev.parley.doubles.telegram;

import java.time.Duration;

/// What becomes of a call on its way back.
sealed interface Reply {

  /// @param delay how late it goes out
  record Json(Answer answer, Duration delay) implements Reply {}

  /// Something that is no JSON.
  record Raw(int status, String body) implements Reply {}

  /// The answer is known when there are updates, or after a time.
  record Waiting(Poll poll) implements Reply {}

  /// The connection is closed.
  record Reset() implements Reply {}

  /// Nothing, for ever.
  record Silence() implements Reply {}

  static Reply now(Answer answer) {
    return new Json(answer, Duration.ZERO);
  }
}
