package dev.parley.worker.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The evaluated arguments of a call.
record Arguments(List<Value> positional, Map<String, Value> named) {
  static final Arguments NONE = new Arguments(List.of(), Map.of());

  static Arguments of(Value... positional) {
    return new Arguments(List.of(positional), Map.of());
  }

  /// The argument by its name, else by its position, from 0.
  Optional<Value> at(int position, String name) {
    Value byName = named.get(name);
    if (byName != null) {
      return Optional.of(byName);
    }
    return position < positional.size() ? Optional.of(positional.get(position)) : Optional.empty();
  }

  /// The same, but `none` and undefined count as not given.
  Optional<Value> given(int position, String name) {
    return at(position, name)
        .filter(value -> !(value instanceof Value.Undefined) && value != Value.None.NONE);
  }

  boolean flag(int position, String name) {
    return at(position, name).map(Values::isTrue).orElse(false);
  }
}
