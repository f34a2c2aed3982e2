package dev.parley.worker.template;

import dev.parley.worker.template.Value.Bool;
import dev.parley.worker.template.Value.Int;
import dev.parley.worker.template.Value.Str;
import dev.parley.worker.template.Value.Undefined;
import java.util.List;

/// What a loop's body sees as `loop`.
final class LoopPosition {
  /// What making one costs; loops without a body would be too cheap otherwise.
  static final int STEPS = 8;

  private static final Str INDEX = Str.template("index");
  private static final Str INDEX0 = Str.template("index0");
  private static final Str REVINDEX = Str.template("revindex");
  private static final Str REVINDEX0 = Str.template("revindex0");
  private static final Str FIRST = Str.template("first");
  private static final Str LAST = Str.template("last");
  private static final Str LENGTH = Str.template("length");
  private static final Str PREVITEM = Str.template("previtem");
  private static final Str NEXTITEM = Str.template("nextitem");
  private static final Undefined NO_PREVIOUS = new Undefined("previtem");
  private static final Undefined NO_NEXT = new Undefined("nextitem");

  private LoopPosition() {}

  static Dict of(List<Value> items, int at) {
    int size = items.size();
    return Dict.attributes()
        .put(INDEX, new Int(at + 1L))
        .put(INDEX0, new Int(at))
        .put(REVINDEX, new Int((long) size - at))
        .put(REVINDEX0, new Int(size - at - 1L))
        .put(FIRST, Bool.of(at == 0))
        .put(LAST, Bool.of(at == size - 1))
        .put(LENGTH, new Int(size))
        .put(PREVITEM, at > 0 ? items.get(at - 1) : NO_PREVIOUS)
        .put(NEXTITEM, at < size - 1 ? items.get(at + 1) : NO_NEXT);
  }
}
