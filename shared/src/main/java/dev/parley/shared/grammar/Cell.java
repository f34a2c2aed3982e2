package dev.parley.shared.grammar;

import java.util.List;

/// A place in a grammar: an element and what follows it in its sequence, down to [#END]. Two cells are the same only
/// if they are the same object.
final class Cell {
  /// The end of every sequence.
  static final Cell END = new Cell(0, new Element.End());

  private final int number;
  private final Element element;
  private final Cell next;

  /// The end, which links to itself: nobody asks what follows it.
  private Cell(int number, Element element) {
    this.number = number;
    this.element = element;
    this.next = this;
  }

  private Cell(int number, Element element, Cell next) {
    this.number = number;
    this.element = element;
    this.next = next;
  }

  /// A sequence of these elements.
  ///
  /// @param firstNumber to tell cells of a grammar apart, the others count on from it
  static Cell sequence(List<Element> elements, int firstNumber) {
    Cell first = END;
    for (int i = elements.size() - 1; i >= 0; i--) {
      first = new Cell(firstNumber + i, elements.get(i), first);
    }
    return first;
  }

  Element element() {
    return element;
  }

  Cell next() {
    return next;
  }

  /// Spreads well in hash tables, the same ones in every process.
  int number() {
    return number;
  }
}
