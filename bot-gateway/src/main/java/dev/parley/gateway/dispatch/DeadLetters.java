package dev.parley.gateway.dispatch;

/// The prompts that the queue gave up on.
public interface DeadLetters {
  /// Begins to hand them over, on a thread of its own, oldest first, each at least once. Only one of
  /// several gateways gets them at a time.
  ///
  /// @return closes the reading; what was not handled comes again to the next reader
  Reading read(DeadLetterHandler handler);

  /// A reading under way.
  interface Reading extends AutoCloseable {
    @Override
    void close();
  }
}
