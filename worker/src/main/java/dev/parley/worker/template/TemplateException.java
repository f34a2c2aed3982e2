package dev.parley.worker.template;

/// A chat template that cannot be parsed or does not render; names the template's line.
public final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final int line;
  private final String detail;

  /// What went wrong, for the caller that has to choose between refusing a model and a request.
  public enum Kind {
    /// The source is not a template that this evaluator knows: refuse the model.
    SYNTAX,
    /// The template did something impossible with the messages.
    EVALUATION,
    /// The template itself refuses the messages with `raise_exception`: refuse the request.
    RAISED,
    /// A limit of [TemplateLimits] was reached.
    LIMIT
  }

  TemplateException(Kind kind, int line, String message) {
    super(message + " (chat template, line " + line + ")");
    this.kind = kind;
    this.line = line;
    this.detail = message;
  }

  /// What went wrong.
  public Kind kind() {
    return kind;
  }

  /// The message without the line; for [Kind#RAISED] what the template itself says.
  public String detail() {
    return detail;
  }

  /// The line of the template's source, from 1.
  public int line() {
    return line;
  }
}
