package dev.parley.gateway.reply;

/// How long a call to a platform may wait for others, least first.
public enum Urgency {
  /// A few more words of an answer that is visible already.
  MORE,
  /// The first sign of life: the placeholder, or the first words in its place.
  FIRST,
  /// The end, which the reader waits for and which must come.
  END
}
