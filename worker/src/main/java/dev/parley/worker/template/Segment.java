package dev.parley.worker.template;

/// A piece of a rendered prompt with its origin.
///
/// @param text never empty
/// @param message index of the message whose content this is, or [#TEMPLATE]
public record Segment(String text, int message) {

  /// The origin of text that the template itself wrote.
  public static final int TEMPLATE = -1;

  /// Checks the origin.
  public Segment {
    if (text.isEmpty() || message < TEMPLATE) {
      throw new IllegalArgumentException("a segment has text and an origin: " + message);
    }
  }

  /// Whether a message said this. Such text must never become a control token.
  public boolean content() {
    return message != TEMPLATE;
  }
}
