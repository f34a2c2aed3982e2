package dev.parley.shared.grammar;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One reading of the text so far: the place in the grammar that comes next, and below it the places to return to.
/// Equal ones are one reading. A *ready* stack stands at a set of characters, or at the end of the whole text
/// ([#DONE]).
final class Stack {
  /// Nothing more comes.
  static final Stack DONE = new Stack(Cell.END, 0, null);

  private final Cell cell;
  private final int count;
  private final @Nullable Stack below;
  private final int depth;
  private final int hash;

  /// Where one of its characters leads, once [Automaton] has computed it.
  private @Nullable List<Stack> after;

  private Stack(Cell cell, int count, @Nullable Stack below) {
    this.cell = cell;
    this.count = count;
    this.below = below;
    this.depth = below == null ? 0 : below.depth + 1;
    this.hash = 31 * (31 * cell.number() + count) + (below == null ? 0 : below.hash);
  }

  /// A place above those to return to; at the end of its sequence it returns at once.
  static Stack on(Cell cell, Stack below) {
    return cell == Cell.END ? below : new Stack(cell, 0, below);
  }

  Cell cell() {
    return cell;
  }

  /// Whether it is [#DONE].
  boolean isDone() {
    return cell == Cell.END;
  }

  /// How often the element at [#cell] has been repeated, up to what matters.
  int count() {
    return count;
  }

  /// The same place, repeated so often.
  Stack counted(int times) {
    return new Stack(cell, times, below);
  }

  /// What follows the element at [#cell].
  Stack rest() {
    return on(cell.next(), below == null ? DONE : below);
  }

  /// Places to return to.
  int depth() {
    return depth;
  }

  /// The characters that may come, for a ready stack that is not [#DONE].
  CodePoints characters() {
    return ((Element.Chars) cell.element()).set();
  }

  @Nullable List<Stack> after() {
    return after;
  }

  void after(List<Stack> ready) {
    after = ready;
  }

  void forgetAfter() {
    after = null;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    Stack a = this;
    Stack b = other instanceof Stack stack ? stack : null;
    while (a != b) {
      if (a == null || b == null || a.hash != b.hash || a.cell != b.cell || a.count != b.count) {
        return false;
      }
      a = a.below;
      b = b.below;
    }
    return true;
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
