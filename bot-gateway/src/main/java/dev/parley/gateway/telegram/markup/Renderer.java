package dev.parley.gateway.telegram.markup;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.strikethrough.Strikethrough;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.BulletList;
import org.commonmark.node.Code;
import org.commonmark.node.CustomBlock;
import org.commonmark.node.CustomNode;
import org.commonmark.node.Emphasis;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Link;
import org.commonmark.node.LinkReferenceDefinition;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.Text;
import org.commonmark.node.ThematicBreak;

/// Draws a parsed document.
///
/// What is drawn is not longer than its source, as each construct takes no more than its markup did.
/// The exceptions are aligned tables, which the caller allows or not, and tabs that Markdown turns
/// into spaces.
final class Renderer extends AbstractVisitor {

  /// Which tables stay as they were written.
  interface TableChoice {

    /// @param from the source index at which a table begins
    /// @param to the source index at which it ends, before its last line end
    boolean asWritten(int from, int to);
  }

  private static final Pattern BOX = Pattern.compile("^\\[([ xX])](?:\\s|$)");
  private static final Pattern LANGUAGE = Pattern.compile("^[\\p{L}\\p{N}+#._-]{1,32}(?=\\s|$)");
  private static final String BULLET = "•";
  private static final String RULE = "———";
  private static final String MAILTO = "mailto:";

  private final Completed source;
  private final TableChoice tables;
  private final Sheet sheet = new Sheet();
  private int quotes;

  private Renderer(Completed source, TableChoice tables) {
    this.source = source;
    this.tables = tables;
  }

  static Draft draw(Node document, Completed source, TableChoice tables) {
    Renderer renderer = new Renderer(source, tables);
    document.accept(renderer);
    return renderer.sheet.draft();
  }

  private String plain(Node node) {
    Renderer renderer = new Renderer(source, tables);
    renderer.visitChildren(node);
    return renderer.sheet.since(0);
  }

  @Override
  public void visit(Paragraph paragraph) {
    sheet.moveTo(paragraph);
    visitChildren(paragraph);
    sheet.leave(paragraph);
  }

  @Override
  public void visit(Heading heading) {
    sheet.moveTo(heading);
    styled(heading, Style.BOLD);
    sheet.leave(heading);
  }

  @Override
  public void visit(ThematicBreak rule) {
    literal(rule, RULE);
  }

  @Override
  public void visit(HtmlBlock html) {
    literal(html, html.getLiteral());
  }

  @Override
  public void visit(LinkReferenceDefinition definition) {
    literal(definition, source.written(definition.getSourceSpans()));
  }

  private void literal(Node block, String text) {
    sheet.moveTo(block);
    sheet.add(text);
    sheet.leave(block);
  }

  @Override
  public void visit(BlockQuote quote) {
    sheet.moveTo(quote);
    int from = sheet.length();
    int outer = sheet.indent(0);
    quotes++;
    visitChildren(quote);
    quotes--;
    sheet.indent(outer);
    if (quotes == 0) {
      sheet.style(from, Style.BLOCKQUOTE);
    }
  }

  @Override
  public void visit(BulletList list) {
    for (Node item = list.getFirstChild(); item != null; item = item.getNext()) {
      sheet.moveTo(item);
      String box = box(item);
      drawItem(item, box.isEmpty() ? BULLET : box);
    }
  }

  @Override
  public void visit(OrderedList list) {
    int index = 0;
    for (Node item = list.getFirstChild(); item != null; item = item.getNext()) {
      sheet.moveTo(item);
      String box = box(item);
      String number = number(list, item, index++) + list.getMarkerDelimiter();
      drawItem(item, box.isEmpty() ? number : number + " " + box);
    }
  }

  private void drawItem(Node item, String marker) {
    sheet.add(marker);
    Node content = item.getFirstChild();
    if (content == null) {
      return;
    }
    sheet.add(" ");
    sheet.stayFor(content);
    int outer = sheet.indent(sheet.indentation() + marker.length() + 1);
    visitChildren(item);
    sheet.indent(outer);
  }

  /// The number that was written, unless all items have the same.
  private String number(OrderedList list, Node item, int index) {
    int start = Grammar.start(item);
    int end = source.text().indexOf(list.getMarkerDelimiter(), start);
    String own = source.text().substring(start, end).strip();
    if (index == 0 || Integer.parseInt(own) != list.getMarkerStartNumber()) {
      return own;
    }
    String counted = String.valueOf(list.getMarkerStartNumber() + index);
    boolean room = counted.length() <= own.length() || sheet.length() < start;
    return room ? counted : own;
  }

  /// A task's box, which is taken out of its text; or nothing.
  private static String box(Node item) {
    if (item.getFirstChild() instanceof Paragraph paragraph
        && paragraph.getFirstChild() instanceof Text words) {
      Matcher box = BOX.matcher(words.getLiteral());
      if (box.find()) {
        words.setLiteral(words.getLiteral().substring(box.end()));
        return box.group(1).isBlank() ? "☐" : "☑";
      }
    }
    return "";
  }

  @Override
  public void visit(FencedCodeBlock code) {
    Matcher language = LANGUAGE.matcher(code.getInfo());
    drawCode(code, code.getLiteral(), language.find() ? language.group() : "");
  }

  @Override
  public void visit(IndentedCodeBlock code) {
    drawCode(code, code.getLiteral(), "");
  }

  private void drawCode(Node block, String code, String language) {
    boolean ended = code.endsWith("\n");
    sheet.code(block, ended ? code.substring(0, code.length() - 1) : code, language);
  }

  @Override
  public void visit(CustomBlock block) {
    if (block instanceof TableBlock table) {
      String written = source.written(table.getSourceSpans());
      boolean asWritten = tables.asWritten(Grammar.start(table), Grammar.end(table));
      sheet.code(
          table,
          asWritten ? written : AlignedTable.of(table, source, this::plain).orElse(written),
          "");
    } else {
      visitChildren(block);
    }
  }

  @Override
  public void visit(Text words) {
    sheet.add(words.getLiteral());
  }

  @Override
  public void visit(HtmlInline html) {
    sheet.add(html.getLiteral());
  }

  @Override
  public void visit(Code code) {
    int from = sheet.length();
    sheet.add(code.getLiteral());
    sheet.style(from, Style.CODE);
  }

  @Override
  public void visit(Emphasis emphasis) {
    styled(emphasis, Style.ITALIC);
  }

  @Override
  public void visit(StrongEmphasis emphasis) {
    styled(emphasis, Style.BOLD);
  }

  @Override
  public void visit(CustomNode node) {
    switch (node) {
      case Strikethrough struck -> styled(struck, Style.STRIKETHROUGH);
      case Grammar.Reference reference -> {
        sheet.add("[");
        visitChildren(reference);
        sheet.add(reference.tail());
      }
      default -> visitChildren(node);
    }
  }

  private void styled(Node node, Style style) {
    int from = sheet.length();
    visitChildren(node);
    sheet.style(from, style);
  }

  @Override
  public void visit(Link link) {
    drawLink(link, link.getDestination());
  }

  @Override
  public void visit(Image image) {
    drawLink(image, image.getDestination());
  }

  private void drawLink(Node link, String address) {
    int from = sheet.length();
    visitChildren(link);
    String shown = sheet.since(from);
    if (shown.equals(address)) {
      sheet.style(from, Style.CODE);
    } else if (!address.isEmpty() && !address.equals(MAILTO + shown)) {
      sheet.add(shown.isEmpty() ? "" : " (");
      int at = sheet.length();
      sheet.add(address);
      sheet.style(at, Style.CODE);
      sheet.add(shown.isEmpty() ? "" : ")");
    }
  }

  @Override
  public void visit(SoftLineBreak end) {
    sheet.breakLine(end);
  }

  @Override
  public void visit(HardLineBreak end) {
    sheet.breakLine(end);
  }
}
