package dev.parley.worker.schedule;

/// A sequence as the scheduler sees it: its state, its slot, its number of cached tokens.
final class Sequence {
  static final int NO_SLOT = -1;

  final String id;
  final int promptTokens;
  final boolean alone;
  private SequenceState state = SequenceState.WAITING;
  private int slot = NO_SLOT;
  private int cachedTokens;

  Sequence(String id, int promptTokens, boolean alone) {
    this.id = id;
    this.promptTokens = promptTokens;
    this.alone = alone;
  }

  SequenceState state() {
    return state;
  }

  int slot() {
    return slot;
  }

  int cachedTokens() {
    return cachedTokens;
  }

  int promptTokensLeft() {
    return promptTokens - cachedTokens;
  }

  boolean active() {
    return state == SequenceState.PREFILLING || state == SequenceState.DECODING;
  }

  void transitionTo(SequenceState next) {
    if (!state.successors().contains(next)) {
      throw new IllegalStateException(
          "sequence " + id + " cannot go from " + state + " to " + next);
    }
    state = next;
  }

  void enter(int newSlot) {
    transitionTo(SequenceState.PREFILLING);
    slot = newSlot;
  }

  void moveTo(int newSlot) {
    slot = newSlot;
  }

  void cache(int tokens) {
    cachedTokens += tokens;
    if (state == SequenceState.PREFILLING && promptTokensLeft() == 0) {
      transitionTo(SequenceState.DECODING);
    }
  }

  void end() {
    transitionTo(SequenceState.ENDED);
    slot = NO_SLOT;
  }

  @Override
  public String toString() {
    return id + " " + state + " slot " + slot + " cached " + cachedTokens + "/" + promptTokens;
  }
}
