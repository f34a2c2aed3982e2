package dev.parley.gateway.telegram.markup;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.node.Node;

/// A table in monospaced text, its columns padded to one width.
final class AlignedTable {

  /// Wider lines wrap on every screen, and then the padding does harm.
  private static final int MAX_COLUMNS = 80;

  /// About a message: a larger table is cut anyway.
  private static final int MAX_CHARS = 4_096;

  private static final String BORDER = " | ";
  private static final String CROSSING = "-|-";

  private final List<List<String>> rows = new ArrayList<>();
  private final List<TableCell.Alignment> alignments = new ArrayList<>();
  private final List<Integer> widths = new ArrayList<>();

  private AlignedTable() {}

  /// Empty when it would not help: too wide, or some row has more cells than the head has columns,
  /// which Markdown leaves out.
  static Optional<String> of(TableBlock block, Completed source, Function<Node, String> cellText) {
    AlignedTable table = new AlignedTable();
    for (Node part = block.getFirstChild(); part != null; part = part.getNext()) {
      for (Node row = part.getFirstChild(); row != null; row = row.getNext()) {
        table.add((TableRow) row, cellText);
      }
    }
    int width = table.widths.stream().mapToInt(w -> w + BORDER.length()).sum();
    boolean fits = width <= MAX_COLUMNS && width * (table.rows.size() + 1) <= MAX_CHARS;
    return fits && !table.leavesOut(block, source) ? Optional.of(table.draw()) : Optional.empty();
  }

  private void add(TableRow row, Function<Node, String> cellText) {
    List<String> cells = new ArrayList<>();
    for (Node node = row.getFirstChild(); node != null; node = node.getNext()) {
      String text = cellText.apply(node).replace('\n', ' ').strip();
      int column = cells.size();
      if (rows.isEmpty()) {
        TableCell.Alignment alignment = ((TableCell) node).getAlignment();
        alignments.add(alignment == null ? TableCell.Alignment.LEFT : alignment);
        widths.add(1);
      }
      widths.set(column, Math.max(widths.get(column), Glyphs.width(text)));
      cells.add(text);
    }
    rows.add(cells);
  }

  private boolean leavesOut(TableBlock block, Completed source) {
    return block.getSourceSpans().stream()
        .skip(2)
        .map(line -> source.written(List.of(line)))
        .anyMatch(line -> cells(line.strip()) > widths.size());
  }

  /// The outermost pipes are only a frame.
  private static int cells(String row) {
    int cells = 1;
    for (int i = 1; i < row.length() - 1; i++) {
      if (row.charAt(i) == '|' && row.charAt(i - 1) != '\\') {
        cells++;
      }
    }
    return cells;
  }

  private String draw() {
    List<String> lines = new ArrayList<>();
    lines.add(line(rows.getFirst()));
    lines.add(widths.stream().map("-"::repeat).collect(Collectors.joining(CROSSING)));
    rows.stream().skip(1).map(this::line).forEach(lines::add);
    return String.join("\n", lines);
  }

  private String line(List<String> row) {
    List<String> cells = new ArrayList<>();
    int filled = row.size();
    while (filled > 1 && row.get(filled - 1).isEmpty()) {
      filled--;
    }
    for (int i = 0; i < filled; i++) {
      cells.add(padded(row.get(i), i));
    }
    return String.join(BORDER, cells).stripTrailing();
  }

  private String padded(String cell, int column) {
    int space = widths.get(column) - Glyphs.width(cell);
    int before =
        switch (alignments.get(column)) {
          case LEFT -> 0;
          case CENTER -> space / 2;
          case RIGHT -> space;
        };
    return " ".repeat(before) + cell + " ".repeat(space - before);
  }
}
