package dev.parley.worker.template;

import dev.parley.worker.template.Value.Int;
import dev.parley.worker.template.Value.ListValue;
import dev.parley.worker.template.Value.Str;
import dev.parley.worker.template.Value.Undefined;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The filters that pick from or map over a list: `map`, `select`, `selectattr` and their opposites.
final class Selections {
  private Selections() {}

  /// An item's entry by name or position, undefined when it has none.
  static Value attribute(Value item, Value name) {
    if (item instanceof Dict dict) {
      return dict.get(name).orElseGet(() -> new Undefined("the attribute"));
    }
    if (item instanceof ListValue list && name instanceof Int(long at)) {
      return at >= 0 && at < list.items().size()
          ? list.items().get((int) at)
          : new Undefined("the attribute");
    }
    return new Undefined("the attribute");
  }

  static Value map(Invocation in) {
    Optional<Value> attribute = Optional.ofNullable(in.arguments().named().get("attribute"));
    Optional<Value> otherwise = Optional.ofNullable(in.arguments().named().get("default"));
    List<Value> mapped = new ArrayList<>();
    for (Value item : List.copyOf(in.everyItem())) {
      if (attribute.isPresent()) {
        Value value = attribute(item, attribute.get());
        mapped.add(value instanceof Undefined ? otherwise.orElse(value) : value);
      } else {
        String filter = in.requiredText(0, "filter").toString();
        mapped.add(Builtins.filter(filter, item, rest(in, 1), in.execution()));
      }
    }
    return ListValue.list(mapped);
  }

  static Value select(Invocation in, boolean keep) {
    List<Value> selected = new ArrayList<>();
    for (Value item : List.copyOf(in.everyItem())) {
      boolean passes =
          in.arguments().positional().isEmpty() ? Values.isTrue(item) : test(in, item, 0);
      if (passes == keep) {
        selected.add(item);
      }
    }
    return ListValue.list(selected);
  }

  static Value selectAttribute(Invocation in, boolean keep) {
    Value name = in.required(0, "attribute");
    List<Value> selected = new ArrayList<>();
    for (Value item : List.copyOf(in.everyItem())) {
      Value value = attribute(item, name);
      boolean passes =
          in.arguments().positional().size() == 1 ? Values.isTrue(value) : test(in, value, 1);
      if (passes == keep) {
        selected.add(item);
      }
    }
    return ListValue.list(selected);
  }

  private static boolean test(Invocation in, Value value, int nameAt) {
    if (!(in.arguments().positional().get(nameAt) instanceof Str name)) {
      throw in.execution().failure(in.name() + " needs the name of a test");
    }
    return Tests.test(name.toString(), value, rest(in, nameAt + 1).positional(), in.execution());
  }

  private static Arguments rest(Invocation in, int from) {
    List<Value> positional = in.arguments().positional();
    return new Arguments(
        positional.subList(Math.min(from, positional.size()), positional.size()),
        in.arguments().named());
  }
}
