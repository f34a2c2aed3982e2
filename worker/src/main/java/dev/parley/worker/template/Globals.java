package dev.parley.worker.template;

import dev.parley.worker.template.Value.Function;
import dev.parley.worker.template.Value.Int;
import dev.parley.worker.template.Value.ListValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The functions that a template can call by name.
final class Globals {
  private static final int LONGEST_TIME_FORMAT_CHARS = 200;

  private Globals() {}

  static Scope scope(Execution execution) {
    Scope scope = Scope.global();
    Map<String, Invocation.Builtin> functions =
        Map.of(
            "raise_exception", Globals::raise,
            "namespace", Globals::namespace,
            "dict", Globals::dict,
            "range", Globals::range,
            "strftime_now", Globals::time,
            "tojson", Globals::json);
    functions.forEach(
        (name, builtin) -> scope.set(name, new Function(name, body(name, builtin, execution))));
    return scope;
  }

  private static Function.Body body(String name, Invocation.Builtin builtin, Execution execution) {
    return (arguments, caller) ->
        builtin.apply(new Invocation(name, Value.None.NONE, arguments, execution, false));
  }

  private static Value raise(Invocation in) {
    throw in.execution().raised(in.requiredText(0, "message").toString());
  }

  private static Value namespace(Invocation in) {
    return filled(Dict.attributes(), in);
  }

  private static Value dict(Invocation in) {
    return filled(Dict.empty(), in);
  }

  private static Value filled(Dict dict, Invocation in) {
    if (in.arguments().at(0, "").orElse(Value.None.NONE) instanceof Dict initial) {
      initial.entries().forEach(each -> dict.putAny(each.key(), each.value()));
    }
    in.arguments().named().forEach(dict::put);
    return dict;
  }

  private static Value range(Invocation in) {
    boolean single = in.arguments().positional().size() == 1;
    long start = single ? 0 : in.integer(0, "start", 0);
    long stop = in.integer(single ? 0 : 1, "stop", 0);
    long step = in.integer(2, "step", 1);
    if (step == 0) {
      throw in.execution().failure("range needs a step other than 0");
    }
    long span = step > 0 ? Math.subtractExact(stop, start) : Math.subtractExact(start, stop);
    long length = span <= 0 ? 0 : Math.ceilDiv(span, Math.abs(step));
    in.execution().checkRange(length);
    List<Value> numbers = new ArrayList<>();
    for (long i = 0; i < length; i++) {
      numbers.add(new Int(start + i * step));
    }
    return ListValue.list(numbers);
  }

  private static Value time(Invocation in) {
    String format = in.requiredText(0, "format").toString();
    if (format.length() > LONGEST_TIME_FORMAT_CHARS) {
      throw in.execution().failure("the time format is too long");
    }
    return in.string(Text.template(TimeFormat.format(format, in.execution().now())));
  }

  private static Value json(Invocation in) {
    Value self = in.required(0, "value");
    return in.string(
        Builtins.json(new Invocation("tojson", self, in.arguments(), in.execution(), false), 1));
  }
}
