package dev.parley.shared.grammar;

/// A grammar or schema that cannot be used. The message is a sentence without its full stop for whoever wrote it: what
/// is wrong, and where.
public final class GrammarException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public GrammarException(String message) {
    super(message);
  }

  /// What is wrong, and where.
  public String reason() {
    return String.valueOf(getMessage());
  }
}
