package dev.parley.worker.template;

import java.util.ArrayList;
import java.util.List;

/// A value of the template language.
sealed interface Value
    permits Value.Undefined,
        Value.None,
        Value.Bool,
        Value.Int,
        Value.Real,
        Value.Str,
        Value.ListValue,
        Value.Function,
        Dict {

  /// What a missing name or entry evaluates to; prints nothing and is false.
  record Undefined(String name) implements Value {}

  /// The one `none`; prints nothing and is false.
  enum None implements Value {
    NONE
  }

  enum Bool implements Value {
    FALSE,
    TRUE;

    static Bool of(boolean value) {
      return value ? TRUE : FALSE;
    }
  }

  record Int(long value) implements Value {}

  record Real(double value) implements Value {}

  record Str(Text text) implements Value {
    static Str template(String chars) {
      return new Str(Text.template(chars));
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }

  /// A list or a tuple. Identity matters: `append` changes a list in place.
  final class ListValue implements Value {
    private final List<Value> items;
    private final boolean tuple;

    private ListValue(List<Value> items, boolean tuple) {
      this.items = items;
      this.tuple = tuple;
    }

    static ListValue list(List<? extends Value> items) {
      return new ListValue(new ArrayList<>(items), false);
    }

    static ListValue tuple(List<? extends Value> items) {
      return new ListValue(new ArrayList<>(items), true);
    }

    List<Value> items() {
      return items;
    }

    boolean isTuple() {
      return tuple;
    }
  }

  /// Something that can be called: a macro, a global function or a method bound to its value.
  record Function(String name, Body body) implements Value {

    /// What a call does.
    @FunctionalInterface
    interface Body {
      Value call(Arguments arguments, Scope caller);
    }
  }
}
