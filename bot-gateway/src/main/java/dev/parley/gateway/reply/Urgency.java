package dev.parley.gateway.reply;

/// How long a call to a platform may wait for others, least first.
public enum Urgency {
  /// A few more words of an answer that is visible already.
  MORE,
  /// A sign of life where there is nothing to say yet.
  PLACEHOLDER,
  /// The first words of an answer.
  FIRST,
  /// The end, which the reader waits for and which must come.
  END
}
