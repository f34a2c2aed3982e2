package dev.parley.worker.template;

import static java.util.Map.entry;

import dev.parley.worker.template.Invocation.Builtin;
import dev.parley.worker.template.Value.Int;
import dev.parley.worker.template.Value.ListValue;
import dev.parley.worker.template.Value.None;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// Python's dict methods, and the filters that mappings have.
final class DictMethods {
  static final Map<String, Builtin> ALL =
      Map.ofEntries(
          entry("get", DictMethods::get),
          entry("keys", in -> ListValue.list(keys(in.wholeDict()))),
          entry("values", DictMethods::values),
          entry("items", in -> ListValue.list(pairs(in.wholeDict().entries()))),
          entry("pop", DictMethods::pop),
          entry("update", DictMethods::update),
          entry("length", in -> new Int(in.dict().size())),
          entry("list", in -> ListValue.list(keys(in.wholeDict()))),
          entry("dictsort", DictMethods::sort),
          entry("join", DictMethods::join));

  /// Those that `dict.name` reaches; the others are filters only and do not shadow entries.
  static final List<String> METHODS = List.of("get", "keys", "values", "items", "pop", "update");

  private DictMethods() {}

  static List<Value> keys(Dict dict) {
    return dict.entries().stream().map(Dict.Entry::key).toList();
  }

  static List<Value> pairs(Iterable<Dict.Entry> entries) {
    List<Value> pairs = new ArrayList<>();
    entries.forEach(each -> pairs.add(ListValue.tuple(List.of(each.key(), each.value()))));
    return pairs;
  }

  private static Value get(Invocation in) {
    return in.dict()
        .get(in.required(0, "key"))
        .orElseGet(() -> in.arguments().at(1, "default").orElse(None.NONE));
  }

  private static Value values(Invocation in) {
    return ListValue.list(in.wholeDict().entries().stream().map(Dict.Entry::value).toList());
  }

  private static Value pop(Invocation in) {
    return in.dict()
        .remove(in.required(0, "key"))
        .or(() -> in.arguments().at(1, "default"))
        .orElseThrow(() -> in.execution().failure("pop: the mapping has no such key"));
  }

  private static Value update(Invocation in) {
    if (in.arguments().at(0, "other").orElse(Dict.empty()) instanceof Dict other) {
      List.copyOf(other.entries()).forEach(each -> in.dict().putAny(each.key(), each.value()));
    }
    in.arguments().named().forEach((name, value) -> in.dict().put(name, value));
    return None.NONE;
  }

  /// With case, whatever `case_sensitive` says, as the reference renderer does.
  private static Value sort(Invocation in) {
    boolean byValue = in.givenText(1, "by").map(Text::toString).orElse("key").equals("value");
    Comparator<Dict.Entry> order =
        Comparator.comparing(
            byValue ? Dict.Entry::value : Dict.Entry::key,
            (a, b) -> Values.compare(a, b, in.execution()));
    List<Dict.Entry> sorted = new ArrayList<>(in.wholeDict().entries());
    sorted.sort(in.arguments().flag(2, "reverse") ? order.reversed() : order);
    return ListValue.list(pairs(sorted));
  }

  private static Value join(Invocation in) {
    return ListMethods.join(
        new Invocation(
            in.name(), ListValue.list(keys(in.wholeDict())), in.arguments(), in.execution(), true));
  }
}
