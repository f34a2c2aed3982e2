package dev.parley.worker.template;

import dev.parley.worker.template.Expr.Operator;
import dev.parley.worker.template.Value.Bool;
import dev.parley.worker.template.Value.Int;
import dev.parley.worker.template.Value.ListValue;
import dev.parley.worker.template.Value.Real;
import dev.parley.worker.template.Value.Str;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/// The operators that need both of their sides' values.
final class Operators {
  private final Execution execution;
  private final Printer printer;

  Operators(Execution execution) {
    this.execution = execution;
    this.printer = new Printer(execution);
  }

  Value apply(Operator operator, Value left, Value right) {
    return switch (operator) {
      case EQUAL -> Bool.of(Values.equal(left, right, execution));
      case NOT_EQUAL -> Bool.of(!Values.equal(left, right, execution));
      case LESS -> Bool.of(Values.compare(left, right, execution) < 0);
      case LESS_EQUAL -> Bool.of(Values.compare(left, right, execution) <= 0);
      case GREATER -> Bool.of(Values.compare(left, right, execution) > 0);
      case GREATER_EQUAL -> Bool.of(Values.compare(left, right, execution) >= 0);
      case IN -> Bool.of(Values.contains(right, left, execution));
      case NOT_IN -> Bool.of(!Values.contains(right, left, execution));
      case CONCAT -> concat(left, right);
      case ADD -> add(left, right);
      case MULTIPLY -> multiply(left, right);
      case SUBTRACT, DIVIDE, FLOOR_DIVIDE, MODULO, POWER -> arithmetic(operator, left, right);
      case AND, OR -> throw new IllegalStateException(operator + " is decided by its left side");
    };
  }

  /// `none` and undefined add nothing to a string, as in the reference renderer.
  private Value concat(Value left, Value right) {
    Text a = printer.printed(left);
    Text b = printer.printed(right);
    execution.spendChars((long) a.length() + b.length());
    return new Str(a.concat(b));
  }

  private Value add(Value left, Value right) {
    if (left instanceof ListValue a && right instanceof ListValue b) {
      execution.spend((long) a.items().size() + b.items().size());
      List<Value> both = new ArrayList<>(a.items());
      both.addAll(b.items());
      return a.isTuple() ? ListValue.tuple(both) : ListValue.list(both);
    }
    return left instanceof Str || right instanceof Str
        ? concat(left, right)
        : arithmetic(Operator.ADD, left, right);
  }

  private Value multiply(Value left, Value right) {
    if (left instanceof Str(Text text) && right instanceof Int(long times)) {
      return repeated(text, times);
    }
    if (left instanceof Int(long times) && right instanceof Str(Text text)) {
      return repeated(text, times);
    }
    return arithmetic(Operator.MULTIPLY, left, right);
  }

  private Value repeated(Text text, long times) {
    execution.checkRange(times);
    execution.spendChars(Math.max(0, times) * text.length());
    TextBuilder repeated = new TextBuilder();
    for (long i = 0; i < times; i++) {
      repeated.append(text);
    }
    return new Str(repeated.build());
  }

  private Value arithmetic(Operator operator, Value left, Value right) {
    if (left instanceof Int(long a)
        && right instanceof Int(long b)
        && operator != Operator.DIVIDE) {
      return integers(operator, a, b);
    }
    OptionalDouble a = Values.number(left);
    OptionalDouble b = Values.number(right);
    if (a.isEmpty() || b.isEmpty()) {
      throw execution.failure(
          "cannot compute with " + Values.kind(left) + " and " + Values.kind(right));
    }
    return new Real(reals(operator, a.getAsDouble(), b.getAsDouble()));
  }

  private Value integers(Operator operator, long a, long b) {
    try {
      return switch (operator) {
        case ADD -> new Int(Math.addExact(a, b));
        case SUBTRACT -> new Int(Math.subtractExact(a, b));
        case MULTIPLY -> new Int(Math.multiplyExact(a, b));
        case FLOOR_DIVIDE -> new Int(Math.floorDiv(a, b));
        case MODULO -> new Int(Math.floorMod(a, b));
        default -> whole(reals(operator, (double) a, (double) b));
      };
    } catch (ArithmeticException e) {
      throw execution.failure(b == 0 ? "division by zero" : "an integer is too large");
    }
  }

  private static Value whole(double number) {
    boolean exact = number == Math.rint(number) && Math.abs(number) < Long.MAX_VALUE;
    return exact ? new Int((long) number) : new Real(number);
  }

  private double reals(Operator operator, double a, double b) {
    boolean divides =
        operator == Operator.DIVIDE
            || operator == Operator.FLOOR_DIVIDE
            || operator == Operator.MODULO;
    if (divides && b == 0) {
      throw execution.failure("division by zero");
    }
    return switch (operator) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case FLOOR_DIVIDE -> Math.floor(a / b);
      case MODULO -> a - Math.floor(a / b) * b;
      case POWER -> Math.pow(a, b);
      default -> throw new IllegalStateException(operator + " is not arithmetic");
    };
  }
}
