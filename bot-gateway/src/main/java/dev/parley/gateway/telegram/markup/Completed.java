package dev.parley.gateway.telegram.markup;

import java.util.List;
import java.util.stream.Collectors;
import org.commonmark.node.SourceSpan;

/// Markdown ready to be parsed: the first part of a text as it was written, and what was added to
/// close what is open.
///
/// @param kept characters of the text that was written
record Completed(String text, int kept) {

  static Completed whole(String text) {
    return new Completed(text, text.length());
  }

  /// The lines without what was added.
  String written(List<SourceSpan> lines) {
    return lines.stream()
        .filter(line -> line.getInputIndex() < kept)
        .map(this::written)
        .collect(Collectors.joining("\n"));
  }

  private String written(SourceSpan line) {
    int from = line.getInputIndex();
    return text.substring(from, Math.min(from + line.getLength(), kept));
  }
}
