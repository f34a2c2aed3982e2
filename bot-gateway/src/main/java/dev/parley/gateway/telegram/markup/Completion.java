package dev.parley.gateway.telegram.markup;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.node.Document;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SourceSpan;

/// Completes half-written Markdown, so that what is open at its end already looks as it will look
/// once it is closed, and markers that say nothing yet are not seen.
///
/// The parser itself says in which block the text stops, [InlineTail] what is open inside. A fence
/// needs no end: Markdown closes it by itself.
final class Completion {

  /// Markers at the beginning of the last line that may still become something else: bullets, boxes,
  /// rules, headings, fences, a table's second line. A number stays, since it is seen anyway.
  private static final Pattern MARKERS =
      Pattern.compile(
          "[ \\t>]*+(?:\\d{1,9}[.)][ \\t]++){0,8}+"
              + "(?<markers>\\|[-:| \\t*_~`\\[]*+"
              + "|(?:[-+*][ \\t]++){1,8}\\[[ xX]?]?[ \\t]*+"
              + "|(?:[-+*][ \\t]++){0,8}[-+*_=~`#]*+[ \\t]*+)");

  private final String text;
  private final boolean growing;

  private Completion(String text, boolean growing) {
    this.text = text;
    this.growing = growing;
  }

  /// Of text whose end is still to come.
  static Completed ofGrowing(String text) {
    Node last = lastBlock(text);
    if (last instanceof FencedCodeBlock fence && fence.getClosingFenceLength() == null) {
      return Completed.whole(withoutHalfFence(text, fence));
    }
    boolean verbatim = last instanceof IndentedCodeBlock || last instanceof HtmlBlock;
    String kept = verbatim ? text : withoutMarkers(text);
    Node block = kept.length() == text.length() ? last : lastBlock(kept);
    return new Completion(kept, true).completed(block);
  }

  /// Of text that was cut: its end is on the next page, and nothing is hidden.
  static Completed ofCut(String text) {
    return new Completion(text, false).completed(lastBlock(text));
  }

  private static Node lastBlock(String text) {
    Node node = Grammar.blocks(text);
    while (node.getLastChild() != null && !(node instanceof TableBlock)) {
      node = node.getLastChild();
    }
    return node;
  }

  private static String withoutHalfFence(String text, FencedCodeBlock fence) {
    int from = text.lastIndexOf('\n') + 1;
    String line = text.substring(from).strip();
    boolean half =
        from > Grammar.start(fence)
            && !line.isEmpty()
            && line.length() < fence.getOpeningFenceLength()
            && line.chars().allMatch(c -> c == fence.getFenceCharacter().charAt(0));
    return half ? text.substring(0, from) : text;
  }

  private static String withoutMarkers(String text) {
    int from = text.lastIndexOf('\n') + 1;
    Matcher line = MARKERS.matcher(text).region(from, text.length());
    return line.matches() ? text.substring(0, line.start("markers")) : text;
  }

  private Completed completed(Node block) {
    if (block instanceof Document || !Grammar.hasSource(block)) {
      return Completed.whole(text);
    }
    String rest = text.substring(Grammar.end(block));
    long lineEnds = rest.chars().filter(c -> c == '\n').count();
    if (lineEnds > (block instanceof Paragraph ? 1 : 0)) {
      return Completed.whole(text);
    }
    return switch (block) {
      case Paragraph paragraph -> growing ? withTable(paragraph, lineEnds) : words(paragraph);
      case Heading heading -> words(heading);
      case TableBlock table -> inline(lastCell(table));
      default -> Completed.whole(text);
    };
  }

  private Completed words(Node block) {
    String lines =
        block.getSourceSpans().stream().map(this::line).collect(Collectors.joining("\n"));
    return inline(lines + text.substring(Grammar.end(block)));
  }

  private String lastCell(Node table) {
    String row = line(table.getSourceSpans().getLast());
    int pipe = row.lastIndexOf('|');
    while (pipe > 0 && row.charAt(pipe - 1) == '\\') {
      pipe = row.lastIndexOf('|', pipe - 1);
    }
    return row.substring(pipe + 1);
  }

  private String line(SourceSpan span) {
    return text.substring(span.getInputIndex(), span.getInputIndex() + span.getLength());
  }

  /// Closes what is open at the end of the last words of the text.
  private Completed inline(String words) {
    InlineTail tail = InlineTail.of(words, growing);
    String closing = tail.closing();
    if (closing.isEmpty() && tail.end() == words.length()) {
      return Completed.whole(text);
    }
    int end = text.length() - (words.length() - tail.end());
    String kept = text.substring(0, end).stripTrailing();
    return new Completed(kept + closing, kept.length());
  }

  /// A line like `| a | b` is the head of a table, whose second line makes it one.
  private Completed withTable(Paragraph paragraph, long lineEnds) {
    Completed words = words(paragraph);
    List<SourceSpan> lines = paragraph.getSourceSpans();
    String head = line(lines.getLast()).strip();
    if (!head.startsWith("| ") && !(head.startsWith("|") && lineEnds == 1)) {
      return words;
    }
    int start = lines.getLast().getInputIndex();
    String margin = text.substring(start - lines.getLast().getColumnIndex(), start);
    String underline = margin.replaceAll("[^>\\s]", " ") + "|" + "-|".repeat(columns(head));
    String closed = words.text().stripTrailing();
    String table = closed + "\n" + underline;
    // Not where the line only looks like a head, as the last line of a quote without its mark.
    return lastBlock(table) instanceof TableBlock
        ? new Completed(table, Math.min(words.kept(), closed.length()))
        : words;
  }

  private static int columns(String head) {
    int columns = 0;
    for (int i = 1; i < head.length(); i++) {
      boolean ends = head.charAt(i) == '|' && head.charAt(i - 1) != '\\';
      columns += ends || i == head.length() - 1 ? 1 : 0;
    }
    return columns;
  }
}
