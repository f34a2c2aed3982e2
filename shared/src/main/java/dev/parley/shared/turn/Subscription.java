package dev.parley.shared.turn;

/// An open subscription. Thread-safe.
public interface Subscription extends AutoCloseable {

  /// Whether the last acknowledged connection still answers, as far as is known.
  boolean live();

  /// How often it had to be made anew.
  long reconnects();

  /// Messages that could not be read and were left out.
  long garbled();

  /// Ends it: no call of the listener begins after this returns, unless it was called by the
  /// listener itself.
  @Override
  void close();
}
