package dev.parley.worker.template;

import dev.parley.worker.template.Execution.Use;
import dev.parley.worker.template.Expr.Operator;
import dev.parley.worker.template.Value.Bool;
import dev.parley.worker.template.Value.Function;
import dev.parley.worker.template.Value.Int;
import dev.parley.worker.template.Value.ListValue;
import dev.parley.worker.template.Value.Real;
import dev.parley.worker.template.Value.Str;
import dev.parley.worker.template.Value.Undefined;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Evaluates expressions.
final class Expressions {
  private final Execution execution;
  private final Operators operators;

  Expressions(Execution execution) {
    this.execution = execution;
    this.operators = new Operators(execution);
  }

  Value evaluate(Expr expression, Scope scope) {
    int before = execution.enter(expression.line());
    Value value =
        switch (expression) {
          case Expr.Literal literal -> literal.value();
          case Expr.Name name -> name(name, scope);
          case Expr.Sequence sequence -> sequence(sequence, scope);
          case Expr.Mapping mapping -> mapping(mapping, scope);
          case Expr.Not not -> Bool.of(!Values.isTrue(evaluate(not.operand(), scope)));
          case Expr.Sign sign -> sign(sign, scope);
          case Expr.Binary binary -> binary(binary, scope);
          case Expr.Conditional conditional -> conditional(conditional, scope);
          case Expr.Test test -> test(test, scope);
          case Expr.Filter filter -> filter(filter, scope);
          case Expr.Call call -> call(call, scope);
          case Expr.Member member -> member(member, scope);
          case Expr.Index index -> index(index, scope);
          case Expr.Slice slice -> slice(slice, scope);
        };
    execution.leave(before);
    return value;
  }

  private Value name(Expr.Name name, Scope scope) {
    Value value = scope.get(name.name()).orElseGet(() -> new Undefined(name.name()));
    execution.used(value, Use.READ);
    return value;
  }

  private Value sequence(Expr.Sequence sequence, Scope scope) {
    List<Value> items = all(sequence.items(), scope);
    return sequence.tuple() ? ListValue.tuple(items) : ListValue.list(items);
  }

  private List<Value> all(List<Expr> expressions, Scope scope) {
    List<Value> values = new ArrayList<>(expressions.size());
    for (Expr each : expressions) {
      values.add(evaluate(each, scope));
    }
    return values;
  }

  private Value mapping(Expr.Mapping mapping, Scope scope) {
    Dict dict = Dict.empty();
    for (Expr.Entry entry : mapping.entries()) {
      Value key = evaluate(entry.key(), scope);
      if (!dict.putAny(key, evaluate(entry.value(), scope))) {
        throw execution.failure(Values.kind(key) + " cannot be a key");
      }
    }
    return dict;
  }

  private Value sign(Expr.Sign sign, Scope scope) {
    Value operand = evaluate(sign.operand(), scope);
    if (operand instanceof Int(long number)) {
      return sign.negative() ? new Int(-number) : operand;
    }
    if (operand instanceof Real(double number)) {
      return sign.negative() ? new Real(-number) : operand;
    }
    throw execution.failure("a sign needs a number, got " + Values.kind(operand));
  }

  private Value binary(Expr.Binary binary, Scope scope) {
    Value left = evaluate(binary.left(), scope);
    if (binary.operator() == Operator.AND) {
      return Values.isTrue(left) ? evaluate(binary.right(), scope) : left;
    }
    if (binary.operator() == Operator.OR) {
      return Values.isTrue(left) ? left : evaluate(binary.right(), scope);
    }
    return operators.apply(binary.operator(), left, evaluate(binary.right(), scope));
  }

  private Value conditional(Expr.Conditional conditional, Scope scope) {
    boolean holds = Values.isTrue(evaluate(conditional.test(), scope));
    return evaluate(holds ? conditional.then() : conditional.otherwise(), scope);
  }

  private Value test(Expr.Test test, Scope scope) {
    Value value = evaluate(test.operand(), scope);
    List<Value> arguments = all(test.arguments(), scope);
    return Bool.of(Tests.test(test.name(), value, arguments, execution) != test.negated());
  }

  private Value filter(Expr.Filter filter, Scope scope) {
    Value value = evaluate(filter.operand(), scope);
    return Builtins.filter(filter.name(), value, arguments(filter.inputs(), scope), execution);
  }

  Arguments arguments(Expr.Inputs inputs, Scope scope) {
    Map<String, Value> named = new HashMap<>();
    inputs.named().forEach((name, value) -> named.put(name, evaluate(value, scope)));
    return new Arguments(all(inputs.positional(), scope), named);
  }

  private Value call(Expr.Call call, Scope scope) {
    Arguments arguments = arguments(call.inputs(), scope);
    return callee(call.callee(), scope).body().call(arguments, scope);
  }

  Function callee(Expr callee, Scope scope) {
    Value value = evaluate(callee, scope);
    if (value instanceof Function function) {
      return function;
    }
    throw execution.failure("only functions can be called, not " + Values.kind(value));
  }

  private Value member(Expr.Member member, Scope scope) {
    Value object = evaluate(member.object(), scope);
    Value value =
        Builtins.method(member.name(), object, execution)
            .or(() -> object instanceof Dict dict ? dict.get(member.name()) : Optional.empty())
            .orElseGet(() -> new Undefined(member.name()));
    execution.used(value, Use.READ);
    return value;
  }

  private Value index(Expr.Index index, Scope scope) {
    Value object = evaluate(index.object(), scope);
    Value key = evaluate(index.key(), scope);
    if (key instanceof Int) {
      execution.used(object, Use.INDEXED);
    }
    Value value =
        entry(object, key)
            .or(() -> method(object, key))
            .orElseGet(() -> new Undefined(key instanceof Str name ? name.toString() : "[...]"));
    execution.used(value, Use.READ);
    return value;
  }

  private Optional<Value> entry(Value object, Value key) {
    if (object instanceof Dict dict) {
      return dict.get(key);
    }
    if (key instanceof Int(long at)) {
      if (object instanceof ListValue list) {
        return Slices.at(list.items(), at);
      }
      if (object instanceof Str(Text text)) {
        execution.spendChars(text.length());
        return Slices.at(text, at);
      }
    }
    return Optional.empty();
  }

  private Optional<Value> method(Value object, Value key) {
    return key instanceof Str name
        ? Builtins.method(name.toString(), object, execution)
        : Optional.empty();
  }

  private Value slice(Expr.Slice slice, Scope scope) {
    Value object = evaluate(slice.object(), scope);
    Optional<Long> start = bound(slice.start(), scope);
    Optional<Long> stop = bound(slice.stop(), scope);
    long step = bound(slice.step(), scope).orElse(1L);
    if (step == 0) {
      throw execution.failure("a slice needs a step other than 0");
    }
    return switch (object) {
      case Str(Text text) -> {
        execution.spendChars(text.length());
        yield new Str(Slices.slice(text, start, stop, step));
      }
      case ListValue list -> {
        execution.spend(list.items().size());
        List<Value> items = Slices.slice(list.items(), start, stop, step);
        yield list.isTuple() ? ListValue.tuple(items) : ListValue.list(items);
      }
      case Value other -> throw execution.failure("cannot slice " + Values.kind(other));
    };
  }

  private Optional<Long> bound(Optional<Expr> expression, Scope scope) {
    if (expression.isEmpty()) {
      return Optional.empty();
    }
    return switch (evaluate(expression.get(), scope)) {
      case Int(long number) -> Optional.of(number);
      case Value.None ignored -> Optional.empty();
      case Value other ->
          throw execution.failure("a slice needs integers, got " + Values.kind(other));
    };
  }
}
