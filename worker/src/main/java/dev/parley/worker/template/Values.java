package dev.parley.worker.template;

import dev.parley.worker.template.Value.Bool;
import dev.parley.worker.template.Value.Function;
import dev.parley.worker.template.Value.Int;
import dev.parley.worker.template.Value.ListValue;
import dev.parley.worker.template.Value.None;
import dev.parley.worker.template.Value.Real;
import dev.parley.worker.template.Value.Str;
import dev.parley.worker.template.Value.Undefined;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalDouble;

/// What every value can do: be true or false, be compared, name its kind.
final class Values {
  private Values() {}

  static boolean isTrue(Value value) {
    return switch (value) {
      case Undefined ignored -> false;
      case None ignored -> false;
      case Bool bool -> bool == Bool.TRUE;
      case Int(long number) -> number != 0;
      case Real(double number) -> number != 0;
      case Str(Text text) -> !text.isEmpty();
      case ListValue list -> !list.items().isEmpty();
      case Dict dict -> dict.size() > 0;
      case Function ignored -> true;
    };
  }

  static boolean isMissing(Value value) {
    return value instanceof Undefined || value == None.NONE;
  }

  /// The value as a number; a truth value counts as 0 or 1.
  static OptionalDouble number(Value value) {
    return switch (value) {
      case Int(long number) -> OptionalDouble.of((double) number);
      case Real(double number) -> OptionalDouble.of(number);
      case Bool bool -> OptionalDouble.of(bool == Bool.TRUE ? 1 : 0);
      case Undefined ignored -> OptionalDouble.empty();
      case None ignored -> OptionalDouble.empty();
      case Str ignored -> OptionalDouble.empty();
      case ListValue ignored -> OptionalDouble.empty();
      case Dict ignored -> OptionalDouble.empty();
      case Function ignored -> OptionalDouble.empty();
    };
  }

  static boolean equal(Value left, Value right, Execution execution) {
    return switch (left) {
      case Undefined ignored -> right instanceof Undefined;
      case Str(Text text) -> right instanceof Str(Text other) && same(text, other, execution);
      case Int ignored -> sameNumber(left, right);
      case Real ignored -> sameNumber(left, right);
      case Bool ignored -> sameNumber(left, right);
      case ListValue list ->
          right instanceof ListValue other
              && list.isTuple() == other.isTuple()
              && sameItems(list.items(), other.items(), execution);
      case Dict dict -> right instanceof Dict other && sameEntries(dict, other, execution);
      case None ignored -> right == None.NONE;
      case Function ignored -> false;
    };
  }

  private static boolean same(Text left, Text right, Execution execution) {
    if (left.length() != right.length()) {
      return false;
    }
    execution.spendChars(left.length());
    return left.toString().equals(right.toString());
  }

  private static boolean sameNumber(Value left, Value right) {
    if (left instanceof Int(long a) && right instanceof Int(long b)) {
      return a == b;
    }
    OptionalDouble a = number(left);
    OptionalDouble b = number(right);
    return a.isPresent() && b.isPresent() && a.getAsDouble() == b.getAsDouble();
  }

  private static boolean sameItems(List<Value> left, List<Value> right, Execution execution) {
    if (left.size() != right.size()) {
      return false;
    }
    Iterator<Value> others = right.iterator();
    for (Value item : left) {
      if (!equalInside(item, others.next(), execution)) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameEntries(Dict left, Dict right, Execution execution) {
    if (left.size() != right.size()) {
      return false;
    }
    for (Dict.Entry entry : left.entries()) {
      boolean same =
          right.get(entry.key()).filter(o -> equalInside(entry.value(), o, execution)).isPresent();
      if (!same) {
        return false;
      }
    }
    return true;
  }

  private static boolean equalInside(Value left, Value right, Execution execution) {
    int before = execution.enterSameLine();
    boolean same = equal(left, right, execution);
    execution.leave(before);
    return same;
  }

  /// Negative, zero or positive for numbers and for strings; anything else has no order.
  static int compare(Value left, Value right, Execution execution) {
    if (left instanceof Str a && right instanceof Str b) {
      execution.spendChars(Math.min(a.text().length(), b.text().length()));
      return a.toString().compareTo(b.toString());
    }
    if (left instanceof Int(long a) && right instanceof Int(long b)) {
      return Long.compare(a, b);
    }
    OptionalDouble a = number(left);
    OptionalDouble b = number(right);
    if (a.isEmpty() || b.isEmpty()) {
      throw execution.failure(kind(left) + " and " + kind(right) + " have no order");
    }
    return Double.compare(a.getAsDouble(), b.getAsDouble());
  }

  static boolean contains(Value container, Value item, Execution execution) {
    return switch (container) {
      case Undefined ignored -> false;
      case ListValue list -> {
        execution.spend(list.items().size());
        yield list.items().stream().anyMatch(each -> equal(item, each, execution));
      }
      case Dict dict -> dict.get(item).isPresent();
      case Str text -> {
        if (!(item instanceof Str part)) {
          throw execution.failure("only a string can be in a string, not " + kind(item));
        }
        execution.spendSearch(text.text().length(), part.text().length());
        yield text.toString().contains(part.toString());
      }
      case None ignored -> throw execution.failure("nothing can be in none");
      case Bool ignored -> throw execution.failure("nothing can be in a boolean");
      case Int ignored -> throw execution.failure("nothing can be in a number");
      case Real ignored -> throw execution.failure("nothing can be in a number");
      case Function ignored -> throw execution.failure("nothing can be in a function");
    };
  }

  /// The kind of a value for an error message.
  static String kind(Value value) {
    return switch (value) {
      case Undefined(String name) -> "undefined '" + name + "'";
      case None ignored -> "none";
      case Bool ignored -> "a boolean";
      case Int ignored -> "an integer";
      case Real ignored -> "a number";
      case Str ignored -> "a string";
      case ListValue list -> list.isTuple() ? "a tuple" : "a list";
      case Dict ignored -> "a mapping";
      case Function(String name, Function.Body ignored) -> "the function '" + name + "'";
    };
  }
}
