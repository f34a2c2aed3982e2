package dev.parley.worker.openai;

/// A reply that cannot be read on.
final class FailedCall extends Exception {
  private static final long serialVersionUID = 1L;

  // Never serialized: it lives between two lines of one thread.
  private final transient Failure failure;

  FailedCall(Failure failure) {
    super(failure.detail(), null, false, false);
    this.failure = failure;
  }

  Failure failure() {
    return failure;
  }
}
