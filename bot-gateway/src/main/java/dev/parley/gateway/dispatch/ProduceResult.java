package dev.parley.gateway.dispatch;

/// What became of a prompt on its way into the queue.
public enum ProduceResult {
  /// The broker has it on every in-sync replica.
  PRODUCED,
  /// It may or may not be there: produce it again.
  UNKNOWN,
  /// It can never be taken (larger than the queue's limit).
  REFUSED
}
