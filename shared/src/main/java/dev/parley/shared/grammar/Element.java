package dev.parley.shared.grammar;

/// What a sequence of a rule is made of.
sealed interface Element {

  /// One character of a set.
  record Chars(CodePoints set) implements Element {}

  /// One of a rule's sequences.
  record Ref(Rule rule) implements Element {}

  /// The same thing several times.
  ///
  /// @param item a sequence of one element
  /// @param max [Repeat#NO_END] for any number
  record Repeat(Cell item, int min, int max) implements Element {
    static final int NO_END = -1;
  }

  /// Nothing: the sequence is over.
  record End() implements Element {}
}
