package dev.parley.shared.grammar;

import java.util.ArrayList;
import java.util.List;

/// A name and the sequences it may stand for. Filled while its grammar is read, never after.
final class Rule {
  private final String name;
  private final List<Cell> alternatives = new ArrayList<>();

  Rule(String name) {
    this.name = name;
  }

  /// As the grammar calls it; a group has the name of the rule around it.
  String name() {
    return name;
  }

  void add(Cell sequence) {
    alternatives.add(sequence);
  }

  boolean isDefined() {
    return !alternatives.isEmpty();
  }

  /// [Cell#END] is the empty one.
  List<Cell> alternatives() {
    return alternatives;
  }
}
