package dev.parley.worker.template;

import static java.util.Map.entry;

import dev.parley.worker.template.Invocation.Builtin;
import dev.parley.worker.template.Value.Int;
import dev.parley.worker.template.Value.ListValue;
import dev.parley.worker.template.Value.None;
import dev.parley.worker.template.Value.Real;
import dev.parley.worker.template.Value.Undefined;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Python's list methods, and the filters that lists have.
final class ListMethods {
  static final Map<String, Builtin> ALL =
      Map.ofEntries(
          entry("list", in -> ListValue.list(in.everyItem())),
          entry("first", in -> in.items().isEmpty() ? none(in) : in.items().getFirst()),
          entry("last", in -> in.items().isEmpty() ? none(in) : in.items().getLast()),
          entry("length", in -> new Int(in.items().size())),
          entry("join", ListMethods::join),
          entry("append", ListMethods::append),
          entry("extend", ListMethods::extend),
          entry("insert", ListMethods::insert),
          entry("pop", ListMethods::pop),
          entry("index", ListMethods::index),
          entry("count", ListMethods::count),
          entry("reverse", ListMethods::reverse),
          entry("sort", ListMethods::sort),
          entry("unique", ListMethods::unique),
          entry("min", in -> extreme(in, -1)),
          entry("max", in -> extreme(in, 1)),
          entry("sum", ListMethods::sum),
          entry("map", Selections::map),
          entry("select", in -> Selections.select(in, true)),
          entry("reject", in -> Selections.select(in, false)),
          entry("selectattr", in -> Selections.selectAttribute(in, true)),
          entry("rejectattr", in -> Selections.selectAttribute(in, false)));

  private ListMethods() {}

  private static Value none(Invocation in) {
    return new Undefined("the " + in.name() + " of an empty list");
  }

  static Value join(Invocation in) {
    Text separator = in.givenText(0, "d").orElse(Text.EMPTY);
    Optional<Value> attribute = in.arguments().given(1, "attribute");
    TextBuilder joined = new TextBuilder();
    boolean more = false;
    for (Value item : in.everyItem()) {
      if (more) {
        joined.append(separator);
      }
      more = true;
      Value part = attribute.map(name -> Selections.attribute(item, name)).orElse(item);
      joined.append(new Printer(in.execution()).string(part));
      in.execution().checkChars(joined.length());
    }
    return in.string(joined.build());
  }

  private static List<Value> mutable(Invocation in) {
    if (in.self() instanceof ListValue list && list.isTuple()) {
      throw in.execution().failure(in.name() + " cannot change a tuple");
    }
    return in.items();
  }

  private static Value append(Invocation in) {
    mutable(in).add(in.required(0, "object"));
    return None.NONE;
  }

  private static Value extend(Invocation in) {
    if (!(in.required(0, "iterable") instanceof ListValue more)) {
      throw in.execution().failure("extend needs a list");
    }
    in.execution().spend(more.items().size());
    mutable(in).addAll(List.copyOf(more.items()));
    return None.NONE;
  }

  private static Value insert(Invocation in) {
    List<Value> items = mutable(in);
    long at = in.integer(0, "index", 0);
    long index = at < 0 ? at + items.size() : at;
    items.add(Math.clamp(index, 0, items.size()), in.required(1, "object"));
    return None.NONE;
  }

  private static Value pop(Invocation in) {
    List<Value> items = mutable(in);
    long at = in.integer(0, "index", -1);
    long index = at < 0 ? at + items.size() : at;
    if (index < 0 || index >= items.size()) {
      throw in.execution().failure("pop: no element " + at + " in a list of " + items.size());
    }
    return items.remove((int) index);
  }

  private static Value index(Invocation in) {
    Value wanted = in.required(0, "value");
    List<Value> items = in.everyItem();
    for (int i = 0; i < items.size(); i++) {
      if (Values.equal(items.get(i), wanted, in.execution())) {
        return new Int(i);
      }
    }
    throw in.execution().failure("index: the value is not in the list");
  }

  /// As a filter the length, as a method how often a value is there.
  private static Value count(Invocation in) {
    if (in.filter()) {
      return new Int(in.items().size());
    }
    Value wanted = in.required(0, "value");
    return new Int(
        in.everyItem().stream().filter(item -> Values.equal(item, wanted, in.execution())).count());
  }

  private static Value reverse(Invocation in) {
    if (!in.filter()) {
      in.execution().spend(in.items().size());
      Collections.reverse(mutable(in));
      return None.NONE;
    }
    return ListValue.list(in.everyItem().reversed());
  }

  private static Value sort(Invocation in) {
    Optional<Value> attribute = in.arguments().given(2, "attribute");
    List<Value> sorted = new ArrayList<>(in.everyItem());
    Comparator<Value> order =
        (a, b) -> {
          in.execution().spend(1);
          return Values.compare(key(a, attribute), key(b, attribute), in.execution());
        };
    sorted.sort(in.arguments().flag(0, "reverse") ? order.reversed() : order);
    return ListValue.list(sorted);
  }

  private static Value key(Value item, Optional<Value> attribute) {
    return attribute.map(name -> Selections.attribute(item, name)).orElse(item);
  }

  private static Value unique(Invocation in) {
    List<Value> unique = new ArrayList<>();
    for (Value item : in.everyItem()) {
      in.execution().spend(unique.size());
      if (unique.stream().noneMatch(seen -> Values.equal(seen, item, in.execution()))) {
        unique.add(item);
      }
    }
    return ListValue.list(unique);
  }

  private static Value extreme(Invocation in, int sign) {
    Value best = none(in);
    for (Value item : in.everyItem()) {
      if (best instanceof Undefined || sign * Values.compare(item, best, in.execution()) > 0) {
        best = item;
      }
    }
    return best;
  }

  private static Value sum(Invocation in) {
    double total = 0;
    boolean integers = true;
    for (Value item : in.everyItem()) {
      integers &= item instanceof Int;
      total +=
          Values.number(item)
              .orElseThrow(
                  () -> in.execution().failure("sum needs numbers, got " + Values.kind(item)));
    }
    return integers ? new Int((long) total) : new Real(total);
  }
}
