package dev.parley.worker.model;

import dev.parley.shared.wire.EndReason;

/// The request cannot become a prompt. The message is one sentence for the log and the operator.
public final class PromptException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final EndReason reason;

  /// @param reason what the user is told
  public PromptException(EndReason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /// @param reason what the user is told
  public PromptException(EndReason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /// How the request ends.
  public EndReason reason() {
    return reason;
  }
}
