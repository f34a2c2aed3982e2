package dev.parley.worker.model;

/// The messages cannot become a prompt. The message is one sentence for the log and the operator.
public final class PromptException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PromptException(String message) {
    super(message);
  }

  public PromptException(String message, Throwable cause) {
    super(message, cause);
  }
}
