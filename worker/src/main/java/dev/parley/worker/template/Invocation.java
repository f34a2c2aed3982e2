package dev.parley.worker.template;

import dev.parley.worker.template.Value.Bool;
import dev.parley.worker.template.Value.Int;
import dev.parley.worker.template.Value.ListValue;
import dev.parley.worker.template.Value.Str;
import java.util.List;
import java.util.Optional;

/// A method or filter being applied to a value.
///
/// @param name what was called, for messages
/// @param self the value before the dot or the bar
/// @param filter whether it was written as a filter, where the meaning depends on that
record Invocation(
    String name, Value self, Arguments arguments, Execution execution, boolean filter) {

  /// What a method or filter does.
  @FunctionalInterface
  interface Builtin {
    Value apply(Invocation invocation);
  }

  Text text() {
    if (self instanceof Str(Text text)) {
      execution.spendChars(text.length());
      return text;
    }
    throw execution.failure(name + " needs a string, got " + Values.kind(self));
  }

  List<Value> items() {
    if (self instanceof ListValue list) {
      return list.items();
    }
    throw execution.failure(name + " needs a list, got " + Values.kind(self));
  }

  /// The items for something that looks at each of them, charged for.
  List<Value> everyItem() {
    execution.spend(items().size());
    return items();
  }

  Dict dict() {
    if (self instanceof Dict dict) {
      return dict;
    }
    throw execution.failure(name + " needs a mapping, got " + Values.kind(self));
  }

  /// The mapping for something that looks at each entry, charged for.
  Dict wholeDict() {
    execution.spend(dict().size());
    return dict();
  }

  Value required(int position, String argument) {
    return arguments
        .at(position, argument)
        .orElseThrow(() -> execution.failure(name + " needs the argument '" + argument + "'"));
  }

  Text requiredText(int position, String argument) {
    Value value = required(position, argument);
    if (value instanceof Str(Text text)) {
      return text;
    }
    throw execution.failure(
        name + " needs a string as '" + argument + "', got " + Values.kind(value));
  }

  Optional<Text> givenText(int position, String argument) {
    return arguments.given(position, argument).map(value -> new Printer(execution).string(value));
  }

  long integer(int position, String argument, long otherwise) {
    return switch (arguments.given(position, argument).orElse(new Int(otherwise))) {
      case Int(long number) -> number;
      case Bool bool -> bool == Bool.TRUE ? 1 : 0;
      case Value other ->
          throw execution.failure(
              name + " needs an integer as '" + argument + "', got " + Values.kind(other));
    };
  }

  /// A new string, charged for.
  Value string(Text text) {
    execution.spendChars(text.length());
    return new Str(text);
  }
}
