package dev.parley.gateway.telegram.markup;

/// How a stretch of a message is shown: the kinds of Telegram's message entities that an answer
/// needs, those that lie around others first.
public enum Style {
  BLOCKQUOTE,
  BOLD,
  ITALIC,
  STRIKETHROUGH,
  CODE,
  PRE;

  /// Whether no other style may lie inside, and none but a quote around.
  boolean isExclusive() {
    return this == CODE || this == PRE;
  }
}
