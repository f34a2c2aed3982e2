package dev.parley.worker.template;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A mapping that keeps its order; keys are compared as the language does, so `1`, `1.0` and `true`
/// are the same key.
final class Dict implements Value {
  private final Map<Object, Entry> entries = new LinkedHashMap<>();
  private final boolean methods;

  /// A key as it was first written, with its value.
  record Entry(Value key, Value value) {}

  private Dict(boolean methods) {
    this.methods = methods;
  }

  static Dict empty() {
    return new Dict(true);
  }

  /// A `namespace` or `loop`, whose entries are not shadowed by methods such as `items`.
  static Dict attributes() {
    return new Dict(false);
  }

  boolean hasMethods() {
    return methods;
  }

  int size() {
    return entries.size();
  }

  Collection<Entry> entries() {
    return entries.values();
  }

  Optional<Value> get(Value key) {
    return identity(key).flatMap(id -> Optional.ofNullable(entries.get(id))).map(Entry::value);
  }

  Optional<Value> get(String key) {
    return Optional.ofNullable(entries.get(key)).map(Entry::value);
  }

  Optional<Value> remove(Value key) {
    return identity(key).flatMap(id -> Optional.ofNullable(entries.remove(id))).map(Entry::value);
  }

  Dict put(String key, Value value) {
    return put(Str.template(key), value);
  }

  Dict put(Str key, Value value) {
    entries.put(key.toString(), new Entry(key, value));
    return this;
  }

  /// False when the key is of a kind that cannot be one.
  boolean putAny(Value key, Value value) {
    Optional<Object> id = identity(key);
    id.ifPresent(present -> {
      Entry before = entries.get(present);
      entries.put(present, new Entry(before == null ? key : before.key(), value));
    });
    return id.isPresent();
  }

  private static Optional<Object> identity(Value key) {
    return switch (key) {
      case Str(Text text) -> Optional.of(text.toString());
      case Int(long value) -> Optional.of(value);
      case Bool bool -> Optional.of(bool == Bool.TRUE ? 1L : 0L);
      case Real(double value) ->
          Optional.of(value == Math.rint(value) ? (Object) (long) value : (Object) value);
      case None none -> Optional.of(none);
      case ListValue list -> list.isTuple() ? tupleIdentity(list) : Optional.empty();
      case Undefined ignored -> Optional.empty();
      case Function ignored -> Optional.empty();
      case Dict ignored -> Optional.empty();
    };
  }

  /// Empty for a tuple in a tuple: the depth of a key stays bounded.
  private static Optional<Object> tupleIdentity(ListValue tuple) {
    List<Object> identities = new ArrayList<>();
    for (Value item : tuple.items()) {
      if (!(item instanceof ListValue)) {
        identity(item).ifPresent(identities::add);
      }
    }
    return identities.size() == tuple.items().size() ? Optional.of(identities) : Optional.empty();
  }
}
