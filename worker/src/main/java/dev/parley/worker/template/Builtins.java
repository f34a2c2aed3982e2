package dev.parley.worker.template;

import static java.util.Map.entry;

import dev.parley.worker.template.Execution.Use;
import dev.parley.worker.template.Invocation.Builtin;
import dev.parley.worker.template.Value.Bool;
import dev.parley.worker.template.Value.Function;
import dev.parley.worker.template.Value.Int;
import dev.parley.worker.template.Value.ListValue;
import dev.parley.worker.template.Value.None;
import dev.parley.worker.template.Value.Real;
import dev.parley.worker.template.Value.Str;
import dev.parley.worker.template.Value.Undefined;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Finds what a method or filter name means for a value. The tables are fixed; nothing is looked up
/// by reflection.
final class Builtins {
  private static final Map<String, String> ALIASES =
      Map.of("count", "length", "d", "default", "e", "escape", "trim", "strip");

  /// Filters that every kind of value has.
  private static final Map<String, Builtin> COMMON =
      Map.of(
          "default", Builtins::byDefault,
          "string", in -> in.string(new Printer(in.execution()).string(in.self())),
          "safe", in -> in.string(new Printer(in.execution()).string(in.self())),
          "escape", Builtins::escape,
          "tojson", in -> in.string(json(in, 0)));

  private static final Map<String, Builtin> NUMBERS =
      Map.of(
          "abs",
          Builtins::absolute,
          "int",
          in -> new Int((long) number(in)),
          "float",
          in -> new Real(number(in)),
          "round",
          Builtins::round);

  /// Filters that see any value as its string.
  private static final Set<String> OF_STRINGS =
      Set.of("capitalize", "lower", "replace", "strip", "title", "upper", "wordcount");

  /// What filters make of something undefined.
  private static final Map<String, Builtin> NOTHING =
      Map.ofEntries(
          entry("length", in -> new Int(0)),
          entry("sum", in -> new Int(0)),
          entry("wordcount", in -> new Int(0)),
          entry("first", Invocation::self),
          entry("last", Invocation::self),
          entry("min", Invocation::self),
          entry("max", Invocation::self),
          entry("join", in -> new Str(Text.EMPTY)),
          entry("capitalize", in -> new Str(Text.EMPTY)),
          entry("lower", in -> new Str(Text.EMPTY)),
          entry("replace", in -> new Str(Text.EMPTY)),
          entry("strip", in -> new Str(Text.EMPTY)),
          entry("title", in -> new Str(Text.EMPTY)),
          entry("upper", in -> new Str(Text.EMPTY)));

  /// Filters that make an empty list of `none` and of something undefined.
  private static final Set<String> EMPTY_LISTS =
      Set.of("items", "map", "reject", "rejectattr", "select", "selectattr", "unique");

  private static final Set<String> EMPTY_LISTS_OF_UNDEFINED = Set.of("list", "reverse", "sort");

  private Builtins() {}

  static boolean isFilter(String name) {
    String known = ALIASES.getOrDefault(name, name);
    return List.of(COMMON, NUMBERS, StringMethods.ALL, ListMethods.ALL, DictMethods.ALL).stream()
        .anyMatch(table -> table.containsKey(known));
  }

  static Value filter(String name, Value self, Arguments arguments, Execution execution) {
    String known = ALIASES.getOrDefault(name, name);
    execution.used(self, known.startsWith("select") ? Use.SELECTED : Use.READ);
    Value input = coerced(known, self, execution);
    Builtin builtin =
        filterOf(known, input)
            .orElseThrow(
                () -> execution.failure("no filter '" + name + "' for " + Values.kind(self)));
    return builtin.apply(new Invocation(known, input, arguments, execution, true));
  }

  private static Value coerced(String name, Value self, Execution execution) {
    boolean needsString = OF_STRINGS.contains(name) && !(self instanceof Undefined);
    return needsString && !(self instanceof Str)
        ? new Str(new Printer(execution).string(self))
        : self;
  }

  private static Optional<Builtin> filterOf(String name, Value self) {
    Optional<Builtin> own =
        switch (self) {
          case Str ignored -> find(StringMethods.ALL, name);
          case ListValue ignored -> find(ListMethods.ALL, name);
          case Dict ignored -> find(DictMethods.ALL, name);
          case Int ignored -> find(NUMBERS, name);
          case Real ignored -> find(NUMBERS, name);
          case Bool ignored -> find(NUMBERS, name);
          case Undefined ignored -> find(NOTHING, name).or(() -> emptyList(name, true));
          case None ignored -> emptyList(name, false);
          case Function ignored -> Optional.empty();
        };
    return own.or(() -> find(COMMON, name));
  }

  private static Optional<Builtin> emptyList(String name, boolean undefined) {
    return EMPTY_LISTS.contains(name) || (undefined && EMPTY_LISTS_OF_UNDEFINED.contains(name))
        ? Optional.of(in -> ListValue.list(List.of()))
        : Optional.empty();
  }

  private static Optional<Builtin> find(Map<String, Builtin> table, String name) {
    return Optional.ofNullable(table.get(name));
  }

  /// The method bound to its value, or empty when the kind of value has none of that name.
  static Optional<Value> method(String name, Value self, Execution execution) {
    return methodOf(name, self)
        .map(builtin ->
            new Function(
                name,
                (arguments, caller) ->
                    builtin.apply(new Invocation(name, self, arguments, execution, false))));
  }

  private static Optional<Builtin> methodOf(String name, Value self) {
    return switch (self) {
      case Str ignored -> find(StringMethods.ALL, name);
      case ListValue ignored -> find(ListMethods.ALL, name);
      case Dict dict ->
          dict.hasMethods() && DictMethods.METHODS.contains(name)
              ? find(DictMethods.ALL, name)
              : Optional.empty();
      case Undefined ignored -> Optional.empty();
      case None ignored -> Optional.empty();
      case Bool ignored -> Optional.empty();
      case Int ignored -> Optional.empty();
      case Real ignored -> Optional.empty();
      case Function ignored -> Optional.empty();
    };
  }

  /// `none` counts as missing too, as in the reference renderer.
  private static Value byDefault(Invocation in) {
    boolean missing =
        in.arguments().flag(1, "boolean") ? !Values.isTrue(in.self()) : Values.isMissing(in.self());
    return missing ? in.arguments().at(0, "default_value").orElse(new Str(Text.EMPTY)) : in.self();
  }

  private static Value escape(Invocation in) {
    Text text = new Printer(in.execution()).string(in.self());
    return in.string(
        text.map(c ->
            switch (c) {
              case '&' -> "&amp;";
              case '<' -> "&lt;";
              case '>' -> "&gt;";
              case '"' -> "&#34;";
              case '\'' -> "&#39;";
              default -> String.valueOf((char) c);
            }));
  }

  /// @param first position of the first argument after the value
  static Text json(Invocation in, int first) {
    int indent = Math.clamp(in.integer(first + 1, "indent", -1), -1, 16);
    Text item = Text.template(indent < 0 ? ", " : ",");
    Text key = Text.template(": ");
    if (in.arguments().given(first + 2, "separators").orElse(None.NONE) instanceof ListValue both
        && both.items().size() == 2) {
      Printer printer = new Printer(in.execution());
      item = printer.string(both.items().getFirst());
      key = printer.string(both.items().getLast());
    }
    boolean ascii = in.arguments().flag(first, "ensure_ascii");
    boolean sorted = in.arguments().flag(first + 3, "sort_keys");
    return Json.write(in.self(), new Json.Style(indent, item, key, ascii, sorted), in.execution());
  }

  private static double number(Invocation in) {
    return Values.number(in.self()).orElse(0);
  }

  private static Value absolute(Invocation in) {
    return in.self() instanceof Int(long value)
        ? new Int(Math.abs(value))
        : new Real(Math.abs(number(in)));
  }

  private static Value round(Invocation in) {
    double scale = Math.pow(10, (double) in.integer(0, "precision", 0));
    return new Real(Math.rint(number(in) * scale) / scale);
  }
}
