package dev.parley.worker.intake;

/// What became of an acknowledgement or a renewal.
public enum AckResult {
  /// The broker took it.
  CONFIRMED,
  /// The prompt was not this holder's any more: its lock had lapsed.
  LOST,
  /// No answer. It may have been taken or not, and the prompt may come again to anybody.
  UNKNOWN
}
