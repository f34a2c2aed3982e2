package dev.parley.worker.template;

import java.util.List;

/// A prompt as a template rendered it.
///
/// Neighbouring segments differ in their origin. To tokenize: template segments with special tokens
/// parsed, content segments without, in order.
///
/// @param segments the whole prompt in order
public record RenderedPrompt(List<Segment> segments) {

  /// Copies the segments.
  public RenderedPrompt {
    segments = List.copyOf(segments);
  }

  /// The prompt as one string.
  public String text() {
    StringBuilder whole = new StringBuilder();
    segments.forEach(segment -> whole.append(segment.text()));
    return whole.toString();
  }
}
