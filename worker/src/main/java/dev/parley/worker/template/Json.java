package dev.parley.worker.template;

import dev.parley.worker.template.Value.Bool;
import dev.parley.worker.template.Value.Function;
import dev.parley.worker.template.Value.Int;
import dev.parley.worker.template.Value.ListValue;
import dev.parley.worker.template.Value.None;
import dev.parley.worker.template.Value.Real;
import dev.parley.worker.template.Value.Str;
import dev.parley.worker.template.Value.Undefined;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/// The `tojson` filter: as Python's `json.dumps` writes, without escaping of HTML or non-ASCII
/// chars unless asked. What a message said keeps its origin inside the JSON.
final class Json {
  private final Execution execution;
  private final TextBuilder out = new TextBuilder();
  private final Style style;

  /// @param indent spaces a level, or -1 for one line
  record Style(int indent, Text itemSeparator, Text keySeparator, boolean ascii, boolean sorted) {}

  private Json(Execution execution, Style style) {
    this.execution = execution;
    this.style = style;
  }

  static Text write(Value value, Style style, Execution execution) {
    Json json = new Json(execution, style);
    json.write(value, 0);
    return json.out.build();
  }

  private void write(Value value, int level) {
    int before = execution.enterSameLine();
    switch (value) {
      case Undefined ignored -> out.append("null");
      case None ignored -> out.append("null");
      case Function ignored -> out.append("null");
      case Bool bool -> out.append(bool == Bool.TRUE ? "true" : "false");
      case Int(long number) -> out.append(Long.toString(number));
      case Real(double number) -> out.append(Printer.real(number));
      case Str(Text text) -> string(text);
      case ListValue list -> list(list.items(), level);
      case Dict dict -> dict(dict, level);
    }
    execution.checkChars(out.length());
    execution.leave(before);
  }

  private void string(Text text) {
    execution.spendChars(text.length());
    out.append("\"").append(text.map(c -> escaped((char) c))).append("\"");
  }

  private String escaped(char c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\b' -> "\\b";
      case '\f' -> "\\f";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default ->
          c < ' ' || (style.ascii() && c > '~')
              ? "\\u" + HexFormat.of().toHexDigits(c)
              : String.valueOf(c);
    };
  }

  private void list(List<Value> items, int level) {
    out.append("[");
    for (int i = 0; i < items.size(); i++) {
      separate(i > 0, level + 1);
      write(items.get(i), level + 1);
    }
    close(items.isEmpty(), level, "]");
  }

  private void dict(Dict dict, int level) {
    out.append("{");
    boolean more = false;
    for (Dict.Entry entry : ordered(dict)) {
      separate(more, level + 1);
      more = true;
      string(new Printer(execution).string(entry.key()));
      out.append(style.keySeparator());
      write(entry.value(), level + 1);
    }
    close(dict.size() == 0, level, "}");
  }

  private Collection<Dict.Entry> ordered(Dict dict) {
    if (!style.sorted()) {
      return dict.entries();
    }
    List<Dict.Entry> sorted = new ArrayList<>(dict.entries());
    sorted.sort(Comparator.comparing(Dict.Entry::key, (a, b) -> Values.compare(a, b, execution)));
    return sorted;
  }

  private void separate(boolean comma, int level) {
    if (comma) {
      out.append(style.itemSeparator());
    }
    newLine(level);
  }

  private void close(boolean empty, int level, String bracket) {
    if (!empty) {
      newLine(level);
    }
    out.append(bracket);
  }

  private void newLine(int level) {
    if (style.indent() >= 0) {
      out.append("\n").append(" ".repeat(style.indent() * level));
    }
  }
}
