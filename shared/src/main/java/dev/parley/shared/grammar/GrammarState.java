package dev.parley.shared.grammar;

import java.util.List;

/// How far a text has come in a grammar, byte by byte of its UTF-8.
///
/// It is a set of readings, each a stack of a pushdown automaton. Every one that is kept is a true one, so whatever
/// it allows is the beginning of a text of the grammar; an ambiguous grammar may need more readings than are
/// followed at once and then loses the later ones, the same ones each time.
///
/// [#next] gives another state and leaves this one as it is. Not thread-safe: states of one text remember together what
/// they have computed.
public final class GrammarState {
  private final Automaton automaton;
  private final List<Stack> stacks;

  /// The bits of a character whose bytes are not complete, and how many bytes it lacks.
  private final int bits;

  private final int missing;

  /// The least code point that may be written in as many bytes as that character has.
  private final int least;

  private GrammarState(Automaton automaton, List<Stack> stacks, int bits, int missing, int least) {
    this.automaton = automaton;
    this.stacks = stacks;
    this.bits = bits;
    this.missing = missing;
    this.least = least;
  }

  /// Before the first byte.
  public static GrammarState start(Grammar grammar) {
    Automaton automaton = new Automaton();
    return new GrammarState(automaton, automaton.start(grammar.root()), 0, 0, 0);
  }

  /// Allows the work of one more token: to look at each that may come, and to take one.
  public void refresh() {
    automaton.refresh();
  }

  /// Whether no text of the grammar begins like this.
  public boolean dead() {
    return stacks.isEmpty();
  }

  /// Whether the text so far is one of the grammar.
  public boolean complete() {
    return missing == 0 && stacks.stream().anyMatch(Stack::isDone);
  }

  /// After some more bytes.
  ///
  /// @throws GrammarException when the grammar is so ambiguous that this takes too long
  public GrammarState next(byte[] bytes) {
    GrammarState state = this;
    for (int i = 0; i < bytes.length && !state.dead(); i++) {
      state = state.next(bytes[i]);
    }
    return state;
  }

  /// After one more byte.
  ///
  /// @throws GrammarException when the grammar is so ambiguous that this takes too long
  public GrammarState next(byte b) {
    int value = Byte.toUnsignedInt(b);
    if (missing > 0) {
      boolean continues = (value & 0xC0) == 0x80;
      return continues
          ? character((bits << 6) | (value & 0x3F), missing - 1, least)
          : of(List.of());
    }
    if (value < 0x80) {
      return of(automaton.step(stacks, value));
    }
    if (value < 0xC0 || value >= 0xF8) {
      return of(List.of());
    }
    if (value < 0xE0) {
      return character(value & 0x1F, 1, 0x80);
    }
    return value < 0xF0 ? character(value & 0x0F, 2, 0x800) : character(value & 0x07, 3, 0x10000);
  }

  /// After a byte of a character of several.
  private GrammarState character(int known, int lacking, int leastValue) {
    int shift = 6 * lacking;
    int low = Math.max(known << shift, leastValue);
    int high = ((known + 1) << shift) - 1;
    if (low > high) {
      // Written in more bytes than it needs.
      return of(List.of());
    }
    return lacking == 0
        ? of(automaton.step(stacks, low))
        : new GrammarState(
            automaton, automaton.meeting(stacks, low, high), known, lacking, leastValue);
  }

  private GrammarState of(List<Stack> ready) {
    return new GrammarState(automaton, ready, 0, 0, 0);
  }
}
