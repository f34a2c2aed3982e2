package dev.parley.worker.template;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The names that a part of a template sees. A loop or macro sets names in its own scope and reads
/// those of the scopes around it, a macro those of its caller, as the reference renderer does.
final class Scope {
  private final @Nullable Scope outer;
  private final Map<String, Value> names = new HashMap<>();

  private Scope(@Nullable Scope outer) {
    this.outer = outer;
  }

  static Scope global() {
    return new Scope(null);
  }

  Scope inner() {
    return new Scope(this);
  }

  void set(String name, Value value) {
    names.put(name, value);
  }

  Optional<Value> get(String name) {
    for (Scope scope = this; scope != null; scope = scope.outer) {
      Value value = scope.names.get(name);
      if (value != null) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }
}
