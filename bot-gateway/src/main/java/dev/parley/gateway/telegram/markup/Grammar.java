package dev.parley.gateway.telegram.markup;

import java.util.List;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.strikethrough.StrikethroughExtension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.CustomNode;
import org.commonmark.node.LinkReferenceDefinition;
import org.commonmark.node.Node;
import org.commonmark.node.SourceSpan;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.InlineParserContext;
import org.commonmark.parser.Parser;
import org.commonmark.parser.beta.LinkInfo;
import org.commonmark.parser.beta.LinkProcessor;
import org.commonmark.parser.beta.LinkResult;
import org.commonmark.parser.beta.Scanner;

/// The Markdown that is understood: CommonMark with GitHub's tables and strikethrough, and with
/// limits to what a hostile text can make of it.
final class Grammar {

  /// Blocks inside blocks, and then styles inside styles; what is deeper is plain text.
  private static final int MAX_NESTING = 32;

  /// A short text can have millions of empty cells.
  private static final int MAX_CELLS = 10_000;

  private static final Parser TEXT =
      builder()
          .includeSourceSpans(IncludeSourceSpans.BLOCKS_AND_INLINES)
          .linkProcessor(new References())
          .build();

  private static final Parser BLOCKS =
      builder()
          .includeSourceSpans(IncludeSourceSpans.BLOCKS)
          .inlineParserFactory(context -> (lines, block) -> {})
          .build();

  private Grammar() {}

  private static Parser.Builder builder() {
    // `~5 to ~6` are two estimates, and nothing is struck out.
    List<Extension> extensions =
        List.of(
            TablesExtension.builder().maxCells(MAX_CELLS).build(),
            StrikethroughExtension.builder().requireTwoTildes(true).build());
    return Parser.builder()
        .extensions(extensions)
        .maxOpenBlockParsers(MAX_NESTING)
        .maxInlineNesting(MAX_NESTING);
  }

  /// @throws IllegalArgumentException when there are too many table cells
  static Node parse(String markdown) {
    return TEXT.parse(markdown);
  }

  /// Blocks only, with their source spans: where things begin and end, fast.
  ///
  /// @throws IllegalArgumentException when there are too many table cells
  static Node blocks(String markdown) {
    return BLOCKS.parse(markdown);
  }

  /// The source index at which a node begins; it must have source spans.
  static int start(Node node) {
    return node.getSourceSpans().getFirst().getInputIndex();
  }

  /// The source index at which a node ends, before its last line end.
  static int end(Node node) {
    SourceSpan last = node.getSourceSpans().getLast();
    return last.getInputIndex() + last.getLength();
  }

  static boolean hasSource(Node node) {
    return !node.getSourceSpans().isEmpty();
  }

  /// `[text][label]`, whose address is elsewhere: shown as it was written, as the address is.
  static final class Reference extends CustomNode {
    private final String tail;

    /// @param tail what follows the text, from the closing bracket on
    Reference(String tail) {
      this.tail = tail;
    }

    String tail() {
      return tail;
    }
  }

  private static final class References implements LinkProcessor {

    @Override
    public LinkResult process(LinkInfo link, Scanner scanner, InlineParserContext context) {
      if (link.destination() != null) {
        return LinkResult.none();
      }
      String label = link.label();
      String name = label == null || label.isEmpty() ? link.text(scanner) : label;
      if (context.getDefinition(LinkReferenceDefinition.class, name) == null) {
        return LinkResult.none();
      }
      Reference reference = new Reference(label == null ? "]" : "][" + label + "]");
      return LinkResult.wrapTextIn(reference, scanner.position());
    }
  }
}
