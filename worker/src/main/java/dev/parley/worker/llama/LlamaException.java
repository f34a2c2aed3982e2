package dev.parley.worker.llama;

import java.util.Objects;

/// The library or the model cannot be used. The message is one line that says what is wrong and what
/// to do about it, fit to be printed before exiting.
public final class LlamaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// What is wrong, for callers that react differently.
  public enum Problem {
    /// A library file is not there or cannot be loaded.
    LIBRARY_MISSING,
    /// The library is another build than the one the struct offsets were read from.
    LIBRARY_WRONG,
    /// The model file is not there or cannot be read.
    MODEL_MISSING,
    /// The model file is not a model, or not a whole one.
    MODEL_DAMAGED,
    /// The model is whole, but a context of the size asked for could not be made.
    CONTEXT_REFUSED,
    /// A call that must not fail did.
    CALL_FAILED
  }

  private final Problem problem;

  public LlamaException(Problem problem, String message) {
    super(message);
    this.problem = problem;
  }

  public LlamaException(Problem problem, String message, Throwable cause) {
    super(message, cause);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNullElse(super.getMessage(), problem.name());
  }
}
