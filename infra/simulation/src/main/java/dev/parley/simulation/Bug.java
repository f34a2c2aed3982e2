package dev.parley.simulation;

/// Mistakes that can be planted; the simulation must find each of them.
public enum Bug {
  NONE,
  /// Deltas are appended without looking at their number.
  APPEND_WITHOUT_NUMBER,
  /// A claim that meets a living rival gives its record up at once.
  DROP_AT_FIRST_ASK,
  /// The record is accepted before the owner has the end.
  ACCEPT_BEFORE_GOT,
  /// A worker restores a turn however long it was away.
  RESTORE_WITHOUT_AGE,
  /// The conversation's next turn starts when an answer is done, not when it is shown.
  RELEASE_AT_DONE,
  /// A turn is adopted although its owner lives.
  ADOPT_WITHOUT_LIVENESS,
  /// Nobody but a claiming worker looks at deadlines.
  DEADLINE_LEFT_TO_WORKERS,
  /// A message is marked as seen before it is admitted, and its retry is called a duplicate.
  DEDUPE_BEFORE_ADMIT,
  /// What takes the place of a turn is not told of that one's messages.
  REPLACE_WITHOUT_MESSAGES,
  /// A turn is replaced or taken back although a message of it is on its way.
  REPLACE_BESIDE_A_SEND
}
