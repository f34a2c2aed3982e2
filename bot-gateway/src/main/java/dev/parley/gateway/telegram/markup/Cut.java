package dev.parley.gateway.telegram.markup;

import java.util.ArrayList;
import java.util.List;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.ListBlock;
import org.commonmark.node.Node;
import org.commonmark.node.SourceSpan;

/// Where a page ends, and what of the text before matters for the text after it.
///
/// @param length of the page's source
/// @param clean whether the text after it means the same without the text before
/// @param fence what opens the code again that was cut; empty when none was
record Cut(int length, boolean clean, String fence) {
  private static final int MAX_FENCE_INDENT = 3;

  /// @param before what is parsed before the page's source, to know what is code
  /// @param text the page's source and more, at least one unit more than fits
  static Cut of(String before, String text, int limit) {
    Blocks blocks = new Blocks(before + text.substring(0, limit + 1));
    int start = before.length();
    int length = Border.in(text, limit, at -> blocks.isCode(start + at));
    int end = start + length;
    boolean line = text.charAt(length - 1) == '\n';
    return new Cut(length, line && blocks.isClean(end), blocks.fence(end));
  }

  /// The blocks of the text up to a page's end.
  private static final class Blocks {
    private final String source;
    private final Node document;
    private final List<Node> code = new ArrayList<>();

    Blocks(String source) {
      this.source = source;
      this.document = Grammar.blocks(source);
      collect(document);
    }

    private void collect(Node node) {
      for (Node child = node.getFirstChild(); child != null; child = child.getNext()) {
        if (child instanceof FencedCodeBlock
            || child instanceof IndentedCodeBlock
            || child instanceof HtmlBlock) {
          code.add(child);
        }
        collect(child);
      }
    }

    boolean isCode(int at) {
      return code.stream().anyMatch(block -> isInside(block, at));
    }

    private boolean isInside(Node block, int at) {
      boolean open =
          block instanceof FencedCodeBlock fence
              && fence.getClosingFenceLength() == null
              && isLast(fence);
      return Grammar.start(block) < at && (at <= Grammar.end(block) || open);
    }

    private static boolean isLast(Node block) {
      Node node = block;
      while (node != null && node.getNext() == null) {
        node = node.getParent();
      }
      return node == null;
    }

    String fence(int at) {
      for (Node block : code) {
        if (block instanceof FencedCodeBlock fence && isInside(fence, at)) {
          return margin(fence)
              + fence.getFenceCharacter().repeat(fence.getOpeningFenceLength())
              + fence.getInfo()
              + "\n";
        }
      }
      return "";
    }

    /// What the code's lines begin with, as far as a fence can: marks of quotes, and spaces.
    private String margin(FencedCodeBlock fence) {
      SourceSpan line = fence.getSourceSpans().getLast();
      int at = line.getInputIndex();
      String before = source.substring(at - line.getColumnIndex(), at).replaceAll("[^>]", " ");
      int quotes = before.lastIndexOf('>') + 1;
      int spaces = before.length() - quotes + fence.getFenceIndent();
      int most = quotes == 0 ? MAX_FENCE_INDENT : MAX_FENCE_INDENT + 1;
      return before.substring(0, quotes) + " ".repeat(Math.min(spaces, most));
    }

    /// Whether a blank line ends a block that cannot go on after one.
    boolean isClean(int at) {
      Node block = document.getFirstChild();
      while (block != null && block.getNext() != null && Grammar.start(block.getNext()) < at) {
        block = block.getNext();
      }
      return block != null
          && Grammar.end(block) < at - 1
          && !(block instanceof ListBlock)
          && !(block instanceof IndentedCodeBlock)
          && !isInside(block, at);
    }
  }
}
