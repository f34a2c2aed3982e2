package dev.parley.gateway.telegram.markup;

import java.util.ArrayList;
import java.util.List;
import org.commonmark.node.Node;
import org.commonmark.node.SourceSpan;

/// Where a document is drawn, line by line as its source has lines: a line end, a blank line and
/// indentation are drawn only where the source has as many characters for them.
final class Sheet {
  private final StringBuilder text = new StringBuilder();
  private final List<Span> spans = new ArrayList<>();

  /// The source line of what was drawn last; -1 at first.
  private int line = -1;

  private int indent;

  Draft draft() {
    return new Draft(text.toString(), spans);
  }

  int length() {
    return text.length();
  }

  String since(int from) {
    return text.substring(from);
  }

  void add(String more) {
    text.append(Glyphs.clean(more));
  }

  /// The indentation from here on, in spaces.
  ///
  /// @return what it was
  int indent(int spaces) {
    int before = indent;
    indent = spaces;
    return before;
  }

  int indentation() {
    return indent;
  }

  void style(int from, Style style) {
    if (text.length() > from) {
      spans.add(Span.between(from, text.length(), style));
    }
  }

  /// Lines of code, unless all are empty.
  void code(Node block, String lines, String language) {
    if (!Glyphs.isSpace(lines)) {
      moveTo(block, 0);
      beginLine();
      spans.add(new Span(text.length(), lines.length(), Style.PRE, language));
      add(lines);
    }
    leave(block);
  }

  /// After the marker of a list item too.
  private void beginLine() {
    int end = text.length();
    if (end > 0 && text.charAt(end - 1) != '\n') {
      text.setLength(text.charAt(end - 1) == ' ' ? end - 1 : end);
      text.append('\n');
    }
  }

  void breakLine(Node end) {
    text.append('\n');
    Node next = end.getNext();
    if (next != null && Grammar.hasSource(next)) {
      indentTo(next.getSourceSpans().getFirst().getColumnIndex(), indent);
    }
  }

  /// To where a block begins.
  void moveTo(Node block) {
    moveTo(block, indent);
  }

  private void moveTo(Node block, int spaces) {
    if (!Grammar.hasSource(block)) {
      return;
    }
    SourceSpan first = block.getSourceSpans().getFirst();
    int down = first.getLineIndex() - line;
    if (line >= 0 && down > 0) {
      text.append(down > 1 ? "\n\n" : "\n");
      indentTo(first.getColumnIndex(), spaces);
    }
    line = first.getLineIndex();
  }

  /// A block's first line, wherever it is, counts as the one that is being drawn.
  void stayFor(Node block) {
    if (Grammar.hasSource(block)) {
      line = block.getSourceSpans().getFirst().getLineIndex();
    }
  }

  /// A block is drawn to its end.
  void leave(Node block) {
    if (Grammar.hasSource(block)) {
      line = block.getSourceSpans().getLast().getLineIndex();
    }
  }

  private void indentTo(int column, int spaces) {
    text.repeat(' ', Math.min(column, spaces));
  }
}
