package dev.parley.worker.template;

import dev.parley.worker.template.Value.Bool;
import dev.parley.worker.template.Value.Function;
import dev.parley.worker.template.Value.Int;
import dev.parley.worker.template.Value.ListValue;
import dev.parley.worker.template.Value.None;
import dev.parley.worker.template.Value.Real;
import dev.parley.worker.template.Value.Str;
import dev.parley.worker.template.Value.Undefined;
import java.util.List;

/// Values as text: what `{{ value }}` prints, and the quoted form that they have inside a list.
final class Printer {
  private static final double FIRST_WITH_EXPONENT = 1e16;

  private final Execution execution;

  Printer(Execution execution) {
    this.execution = execution;
  }

  /// What `{{ value }}` prints: nothing for `none` and undefined.
  Text printed(Value value) {
    return Values.isMissing(value) || value instanceof Function ? Text.EMPTY : string(value);
  }

  /// What the `string` filter makes of a value.
  Text string(Value value) {
    return switch (value) {
      case Str(Text text) -> text;
      case Undefined ignored -> Text.EMPTY;
      case None ignored -> Text.template("None");
      case Bool bool -> Text.template(bool == Bool.TRUE ? "True" : "False");
      case Int(long number) -> Text.template(Long.toString(number));
      case Real(double number) -> Text.template(real(number));
      case Function(String name, Function.Body ignored) -> Text.template("<" + name + ">");
      case ListValue ignored -> quoted(value);
      case Dict ignored -> quoted(value);
    };
  }

  private Text quoted(Value value) {
    TextBuilder out = new TextBuilder();
    quote(value, out);
    return out.build();
  }

  private void quote(Value value, TextBuilder out) {
    int before = execution.enterSameLine();
    switch (value) {
      case Str(Text text) -> {
        execution.spendChars(text.length());
        quote(text, out);
      }
      case ListValue list -> quote(list, out);
      case Dict dict -> quote(dict, out);
      case Undefined ignored -> out.append("Undefined");
      case None ignored -> out.append("None");
      case Bool bool -> out.append(string(bool));
      case Int number -> out.append(string(number));
      case Real number -> out.append(string(number));
      case Function function -> out.append(string(function));
    }
    execution.checkChars(out.length());
    execution.leave(before);
  }

  private static void quote(Text text, TextBuilder out) {
    String chars = text.toString();
    char quote = chars.contains("'") && !chars.contains("\"") ? '"' : '\'';
    String mark = String.valueOf(quote);
    out.append(mark).append(text.map(c -> escaped((char) c, quote))).append(mark);
  }

  private static String escaped(char c, char quote) {
    return switch (c) {
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> c == quote ? "\\" + c : String.valueOf(c);
    };
  }

  private void quote(ListValue list, TextBuilder out) {
    List<Value> items = list.items();
    out.append(list.isTuple() ? "(" : "[");
    for (int i = 0; i < items.size(); i++) {
      out.append(i == 0 ? "" : ", ");
      quote(items.get(i), out);
    }
    out.append(list.isTuple() && items.size() == 1 ? "," : "").append(list.isTuple() ? ")" : "]");
  }

  private void quote(Dict dict, TextBuilder out) {
    out.append("{");
    String comma = "";
    for (Dict.Entry entry : dict.entries()) {
      out.append(comma);
      comma = ", ";
      quote(entry.key(), out);
      out.append(": ");
      quote(entry.value(), out);
    }
    out.append("}");
  }

  /// A number as Python writes it: `1.0`, `0.5`, `1e+16`.
  static String real(double number) {
    if (Double.isNaN(number)) {
      return "nan";
    }
    if (Double.isInfinite(number)) {
      return number > 0 ? "inf" : "-inf";
    }
    if (number == Math.rint(number) && Math.abs(number) < FIRST_WITH_EXPONENT) {
      return Long.toString((long) number) + ".0";
    }
    String text = Double.toString(number).replace("E-", "e-0").replace("E", "e+");
    return text.replace(".0e", "e").replaceFirst("e-0(\\d\\d)", "e-$1");
  }
}
