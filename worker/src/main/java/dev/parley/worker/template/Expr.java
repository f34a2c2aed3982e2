package dev.parley.worker.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An expression of a parsed template; each knows its source line.
sealed interface Expr {
  int line();

  record Literal(int line, Value value) implements Expr {}

  record Name(int line, String name) implements Expr {}

  record Sequence(int line, List<Expr> items, boolean tuple) implements Expr {}

  record Mapping(int line, List<Entry> entries) implements Expr {}

  record Not(int line, Expr operand) implements Expr {}

  record Sign(int line, boolean negative, Expr operand) implements Expr {}

  record Binary(int line, Operator operator, Expr left, Expr right) implements Expr {}

  record Conditional(int line, Expr test, Expr then, Expr otherwise) implements Expr {}

  record Test(int line, Expr operand, String name, List<Expr> arguments, boolean negated)
      implements Expr {}

  record Filter(int line, Expr operand, String name, Inputs inputs) implements Expr {}

  record Call(int line, Expr callee, Inputs inputs) implements Expr {}

  /// `object.name`: a method first, then an entry.
  record Member(int line, Expr object, String name) implements Expr {}

  /// `object[key]`: an entry first, then a method.
  record Index(int line, Expr object, Expr key) implements Expr {}

  record Slice(
      int line, Expr object, Optional<Expr> start, Optional<Expr> stop, Optional<Expr> step)
      implements Expr {}

  /// An entry of a [Mapping].
  record Entry(Expr key, Expr value) {}

  /// What a call or a filter is given.
  record Inputs(List<Expr> positional, Map<String, Expr> named) {
    static final Inputs NONE = new Inputs(List.of(), Map.of());
  }

  /// The operators with two sides.
  enum Operator {
    OR,
    AND,
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_EQUAL,
    GREATER,
    GREATER_EQUAL,
    IN,
    NOT_IN,
    CONCAT,
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    FLOOR_DIVIDE,
    MODULO,
    POWER
  }
}
