package dev.parley.worker.template;

import dev.parley.worker.template.Execution.Use;
import dev.parley.worker.template.Value.Function;
import dev.parley.worker.template.Value.ListValue;
import dev.parley.worker.template.Value.Str;
import dev.parley.worker.template.Value.Undefined;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Runs a template's statements: a walk over the tree that [Parser] made, one per rendering.
final class Interpreter {
  private final Execution execution;
  private final Expressions expressions;
  private final Printer printer;

  /// How a statement ended.
  private enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  private Interpreter(Execution execution) {
    this.execution = execution;
    this.expressions = new Expressions(execution);
    this.printer = new Printer(execution);
  }

  static Text run(List<Stmt> program, Map<String, Value> variables, Execution execution) {
    Scope scope = Globals.scope(execution).inner();
    variables.forEach(scope::set);
    return new Interpreter(execution).captured(program, scope);
  }

  private Text captured(List<Stmt> body, Scope scope) {
    TextBuilder out = new TextBuilder();
    if (run(body, scope, out) != Flow.NEXT) {
      throw execution.failure("break and continue need a loop around them");
    }
    return out.build();
  }

  private Flow run(List<Stmt> body, Scope scope, TextBuilder out) {
    for (Stmt statement : body) {
      int before = execution.enter(statement.line());
      Flow flow = run(statement, scope, out);
      execution.leave(before);
      if (flow != Flow.NEXT) {
        return flow;
      }
    }
    return Flow.NEXT;
  }

  private Flow run(Stmt statement, Scope scope, TextBuilder out) {
    return switch (statement) {
      case Stmt.Output output -> print(output.text(), out);
      case Stmt.Print print ->
          print(printer.printed(expressions.evaluate(print.value(), scope)), out);
      case Stmt.Assign assign -> assign(assign, scope);
      case Stmt.AssignMember assign -> assignMember(assign, scope);
      case Stmt.Capture capture ->
          set(scope, capture.name(), new Str(captured(capture.body(), scope)));
      case Stmt.If branches -> branch(branches, scope, out);
      case Stmt.For loop -> loop(loop, scope, out);
      case Stmt.Macro macro -> set(scope, macro.name(), macro(macro));
      case Stmt.CallBlock block -> callBlock(block, scope, out);
      case Stmt.FilterBlock block -> filterBlock(block, scope, out);
      case Stmt.Break ignored -> Flow.BREAK;
      case Stmt.Continue ignored -> Flow.CONTINUE;
    };
  }

  private Flow print(Text text, TextBuilder out) {
    out.append(text);
    execution.spendChars(text.length());
    execution.checkChars(out.length());
    return Flow.NEXT;
  }

  private static Flow set(Scope scope, String name, Value value) {
    scope.set(name, value);
    return Flow.NEXT;
  }

  private Flow assign(Stmt.Assign assign, Scope scope) {
    Value value = expressions.evaluate(assign.value(), scope);
    if (assign.unpack()) {
      unpack(assign.names(), value, scope);
      return Flow.NEXT;
    }
    return set(scope, assign.names().getFirst(), value);
  }

  private void unpack(List<String> names, Value value, Scope scope) {
    if (!(value instanceof ListValue list)) {
      throw execution.failure("cannot take " + Values.kind(value) + " apart");
    }
    if (list.items().size() != names.size()) {
      throw execution.failure(
          "cannot take " + list.items().size() + " values apart into " + names.size() + " names");
    }
    for (int i = 0; i < names.size(); i++) {
      scope.set(names.get(i), list.items().get(i));
    }
  }

  private Flow assignMember(Stmt.AssignMember assign, Scope scope) {
    Value value = expressions.evaluate(assign.value(), scope);
    Value object = expressions.evaluate(assign.object(), scope);
    if (!(object instanceof Dict dict)) {
      throw execution.failure("cannot set '" + assign.name() + "' of " + Values.kind(object));
    }
    dict.put(assign.name(), value);
    return Flow.NEXT;
  }

  private Flow branch(Stmt.If branches, Scope scope, TextBuilder out) {
    for (Stmt.Branch branch : branches.branches()) {
      if (Values.isTrue(expressions.evaluate(branch.test(), scope))) {
        return run(branch.body(), scope, out);
      }
    }
    return run(branches.otherwise(), scope, out);
  }

  private Flow loop(Stmt.For loop, Scope outer, TextBuilder out) {
    // one scope for all rounds: what a round sets, the next one sees, as in the reference renderer
    Scope scope = outer.inner();
    List<Value> items = selected(loop, scope);
    if (items.isEmpty()) {
      return run(loop.otherwise(), outer, out);
    }
    for (int i = 0; i < items.size(); i++) {
      execution.spend(LoopPosition.STEPS);
      scope.set("loop", LoopPosition.of(items, i));
      bind(loop, items.get(i), scope);
      if (run(loop.body(), scope, out) == Flow.BREAK) {
        break;
      }
    }
    return Flow.NEXT;
  }

  private List<Value> selected(Stmt.For loop, Scope scope) {
    Value iterable = expressions.evaluate(loop.iterable(), scope);
    execution.used(iterable, Use.ITERATED);
    List<Value> items = items(iterable, loop.unpack());
    execution.spend(items.size());
    if (loop.condition().isEmpty()) {
      return items;
    }
    List<Value> selected = new ArrayList<>();
    for (Value item : items) {
      bind(loop, item, scope);
      if (Values.isTrue(expressions.evaluate(loop.condition().get(), scope))) {
        selected.add(item);
      }
    }
    return selected;
  }

  /// A string is not iterable here, as in the reference renderer: a template that loops over a
  /// message's content wants a list of parts.
  private List<Value> items(Value iterable, boolean pairs) {
    return switch (iterable) {
      case Undefined ignored -> List.of();
      case ListValue list -> List.copyOf(list.items());
      case Dict dict -> pairs ? DictMethods.pairs(dict.entries()) : DictMethods.keys(dict);
      case Value other -> throw execution.failure("cannot loop over " + Values.kind(other));
    };
  }

  private void bind(Stmt.For loop, Value item, Scope scope) {
    if (loop.unpack()) {
      unpack(loop.names(), item, scope);
    } else {
      scope.set(loop.names().getFirst(), item);
    }
  }

  private Function macro(Stmt.Macro macro) {
    return function(macro.name(), macro.parameters(), macro.body());
  }

  private Function function(String name, List<Stmt.Parameter> parameters, List<Stmt> body) {
    return new Function(
        name,
        (arguments, caller) -> {
          Scope scope = caller.inner();
          bind(name, parameters, arguments, scope, caller);
          return new Str(captured(body, scope));
        });
  }

  private void bind(
      String name,
      List<Stmt.Parameter> parameters,
      Arguments arguments,
      Scope scope,
      Scope caller) {
    for (int i = 0; i < parameters.size(); i++) {
      Stmt.Parameter parameter = parameters.get(i);
      Value value =
          arguments
              .at(i, parameter.name())
              .or(() -> parameter.byDefault().map(d -> expressions.evaluate(d, caller)))
              .orElseGet(() -> new Undefined(name + "." + parameter.name()));
      scope.set(parameter.name(), value);
    }
  }

  private Flow callBlock(Stmt.CallBlock block, Scope scope, TextBuilder out) {
    Function caller =
        new Function(
            "caller",
            (arguments, ignored) -> {
              Scope inner = scope.inner();
              bind("caller", block.parameters(), arguments, inner, scope);
              return new Str(captured(block.body(), inner));
            });
    Scope around = scope.inner();
    around.set("caller", caller);
    Arguments arguments = expressions.arguments(block.call().inputs(), scope);
    Function callee = expressions.callee(block.call().callee(), scope);
    return print(printer.printed(callee.body().call(arguments, around)), out);
  }

  private Flow filterBlock(Stmt.FilterBlock block, Scope scope, TextBuilder out) {
    Value body = new Str(captured(block.body(), scope));
    Arguments arguments = expressions.arguments(block.inputs(), scope);
    return print(printer.printed(Builtins.filter(block.name(), body, arguments, execution)), out);
  }
}
