package dev.parley.worker.template;

import dev.parley.worker.template.TemplateException.Kind;
import java.time.LocalDateTime;

/// One rendering's account: what it has spent of its limits, the line it is at, its clock.
///
/// Not thread-safe; a rendering has its own.
final class Execution {
  private static final int CHARS_PER_STEP = 8;
  private static final int COMPARISONS_PER_STEP = 512;

  private final TemplateLimits limits;
  private final LocalDateTime now;
  private final Observer observer;
  private long steps;
  private int depth;
  private int line = 1;

  /// Sees how values are used; for probing what a template supports.
  @FunctionalInterface
  interface Observer {
    Observer NONE = (value, use) -> {};

    void used(Value value, Use use);
  }

  /// A use that tells something about the kind of value that the template expects.
  enum Use {
    READ,
    ITERATED,
    INDEXED,
    SELECTED,
    TESTED_AS_STRING
  }

  Execution(TemplateLimits limits, LocalDateTime now, Observer observer) {
    this.limits = limits;
    this.now = now;
    this.observer = observer;
  }

  LocalDateTime now() {
    return now;
  }

  void used(Value value, Use use) {
    observer.used(value, use);
  }

  /// Goes one level deeper to a line; the result must be given to [#leave].
  int enter(int newLine) {
    int before = line;
    line = newLine;
    depth++;
    if (depth > limits.depth()) {
      throw limit("evaluation nests deeper than " + limits.depth());
    }
    spend(1);
    return before;
  }

  /// Goes one level deeper on the same line, for walks through nested values.
  int enterSameLine() {
    return enter(line);
  }

  void leave(int before) {
    depth--;
    line = before;
  }

  void spend(long count) {
    steps += count;
    if (steps > limits.steps()) {
      throw limit("it takes more than " + limits.steps() + " steps");
    }
  }

  /// Charges for a string of this length and returns normally if it may exist.
  void spendChars(long length) {
    checkChars(length);
    spend(1 + length / CHARS_PER_STEP);
  }

  /// Charges for looking for one string in another, which at worst compares each with each.
  void spendSearch(long length, long wanted) {
    spend(1 + length / CHARS_PER_STEP + length * wanted / COMPARISONS_PER_STEP);
  }

  void checkChars(long length) {
    if (length > limits.stringChars()) {
      throw limit("a text is longer than " + limits.stringChars() + " chars");
    }
  }

  void checkRange(long length) {
    if (length > limits.rangeLength()) {
      throw limit("a range has more than " + limits.rangeLength() + " elements");
    }
    spend(length);
  }

  TemplateException failure(String message) {
    return new TemplateException(Kind.EVALUATION, line, message);
  }

  TemplateException raised(String message) {
    return new TemplateException(Kind.RAISED, line, message);
  }

  private TemplateException limit(String message) {
    return new TemplateException(Kind.LIMIT, line, message);
  }
}
