package dev.parley.worker.template;

import dev.parley.worker.template.Execution.Use;
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
import java.util.Set;

/// What may follow `is`.
final class Tests {
  private static final Set<String> WITH_ARGUMENT =
      Set.of(
          "divisibleby",
          "eq",
          "equalto",
          "ne",
          "lt",
          "lessthan",
          "le",
          "gt",
          "greaterthan",
          "ge",
          "in",
          "sameas");

  private static final Map<String, Plain> PLAIN =
      Map.ofEntries(
          Map.entry("defined", value -> !(value instanceof Undefined)),
          Map.entry("undefined", value -> value instanceof Undefined),
          Map.entry("none", value -> value == None.NONE),
          Map.entry("string", value -> value instanceof Str),
          Map.entry("number", value -> value instanceof Int || value instanceof Real),
          Map.entry("integer", value -> value instanceof Int),
          Map.entry("float", value -> value instanceof Real),
          Map.entry("boolean", value -> value instanceof Bool),
          Map.entry("true", value -> value == Bool.TRUE),
          Map.entry("false", value -> value == Bool.FALSE),
          Map.entry("mapping", value -> value instanceof Dict),
          Map.entry("iterable", Tests::isIterable),
          Map.entry("sequence", Tests::isIterable),
          Map.entry("callable", value -> value instanceof Function),
          Map.entry("odd", value -> value instanceof Int(long number) && number % 2 != 0),
          Map.entry("even", value -> value instanceof Int(long number) && number % 2 == 0),
          Map.entry("lower", value -> value instanceof Str(Text text) && isLower(text)),
          Map.entry("upper", value -> value instanceof Str(Text text) && isUpper(text)),
          Map.entry("filter", value -> value instanceof Str && Builtins.isFilter(value.toString())),
          Map.entry("test", value -> value instanceof Str && isKnown(value.toString())));

  /// A test without an argument.
  private interface Plain {
    boolean test(Value value);
  }

  private Tests() {}

  static boolean takesArgument(String name) {
    return WITH_ARGUMENT.contains(name);
  }

  static boolean isKnown(String name) {
    return WITH_ARGUMENT.contains(name) || PLAIN.containsKey(name);
  }

  static boolean isLower(Text text) {
    return text.toString().chars().noneMatch(c -> Ascii.isUpper((char) c));
  }

  static boolean isUpper(Text text) {
    return text.toString().chars().noneMatch(c -> Ascii.isLower((char) c));
  }

  // a mapping is neither, as in the reference renderer
  private static boolean isIterable(Value value) {
    return value instanceof Str || value instanceof ListValue || value instanceof Undefined;
  }

  static boolean test(String name, Value value, List<Value> arguments, Execution execution) {
    execution.used(value, name.equals("string") ? Use.TESTED_AS_STRING : Use.READ);
    Plain plain = PLAIN.get(name);
    if (plain != null) {
      return plain.test(value);
    }
    if (arguments.isEmpty()) {
      throw execution.failure(
          isKnown(name) ? "the test '" + name + "' needs an argument" : "no test '" + name + "'");
    }
    return against(name, value, arguments.getFirst(), execution);
  }

  @SuppressWarnings("ReferenceEquality") // sameas asks for identity
  private static boolean against(String name, Value value, Value other, Execution execution) {
    return switch (name) {
      case "eq", "equalto" -> Values.equal(value, other, execution);
      case "ne" -> !Values.equal(value, other, execution);
      case "lt", "lessthan" -> Values.compare(value, other, execution) < 0;
      case "le" -> Values.compare(value, other, execution) <= 0;
      case "gt", "greaterthan" -> Values.compare(value, other, execution) > 0;
      case "ge" -> Values.compare(value, other, execution) >= 0;
      case "in" -> Values.contains(other, value, execution);
      case "sameas" -> value == other;
      case "divisibleby" ->
          value instanceof Int(long number)
              && other instanceof Int(long divisor)
              && divisor != 0
              && number % divisor == 0;
      default -> throw execution.failure("no test '" + name + "'");
    };
  }
}
