package dev.parley.worker.template;

import java.util.List;
import java.util.Optional;

/// A statement of a parsed template.
sealed interface Stmt {
  int line();

  record Output(int line, Text text) implements Stmt {}

  record Print(int line, Expr value) implements Stmt {}

  /// `{% set a, b = value %}`; more than one name takes a sequence apart.
  record Assign(int line, List<String> names, boolean unpack, Expr value) implements Stmt {}

  /// `{% set object.name = value %}`, which is how a `namespace` carries values out of a loop.
  record AssignMember(int line, Expr object, String name, Expr value) implements Stmt {}

  /// `{% set name %}...{% endset %}`.
  record Capture(int line, String name, List<Stmt> body) implements Stmt {}

  record If(int line, List<Branch> branches, List<Stmt> otherwise) implements Stmt {}

  record For(
      int line,
      List<String> names,
      boolean unpack,
      Expr iterable,
      Optional<Expr> condition,
      List<Stmt> body,
      List<Stmt> otherwise)
      implements Stmt {}

  record Macro(int line, String name, List<Parameter> parameters, List<Stmt> body)
      implements Stmt {}

  /// `{% call(x) name(...) %}...{% endcall %}`: the macro gets the body as `caller`.
  record CallBlock(int line, Expr.Call call, List<Parameter> parameters, List<Stmt> body)
      implements Stmt {}

  record FilterBlock(int line, String name, Expr.Inputs inputs, List<Stmt> body) implements Stmt {}

  record Break(int line) implements Stmt {}

  record Continue(int line) implements Stmt {}

  /// One `if` or `elif`.
  record Branch(Expr test, List<Stmt> body) {}

  /// A parameter of a macro; without a default it must be given.
  record Parameter(String name, Optional<Expr> byDefault) {}
}
