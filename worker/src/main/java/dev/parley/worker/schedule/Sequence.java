package dev.parley.worker.schedule;

/// A sequence as the scheduler sees it: its state, its slot, its tokens.
final class Sequence {
  static final int NO_SLOT = -1;

  final String id;
  final String user;
  final int promptTokens;
  final boolean patient;
  final boolean alone;
  final long arrival;
  private SequenceState state = SequenceState.WAITING;
  private int slot = NO_SLOT;
  private int cachedTokens;
  private int reusableTokens;
  private boolean heldBack;
  private int decodedInSlot;
  private int swaps;
  private long waitingSinceNanos;

  /// @param arrival its number in the order of arrival
  /// @param nowNanos when it came
  Sequence(SequenceRequest request, long arrival, long nowNanos) {
    this.id = request.id();
    this.user = request.user();
    this.promptTokens = request.promptTokens();
    this.patient = request.patient();
    this.alone = request.alone();
    this.arrival = arrival;
    this.waitingSinceNanos = nowNanos;
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

  /// Tokens that are still to be computed before the first of the answer.
  int promptTokensLeft() {
    int there = state == SequenceState.WAITING ? reusableTokens : cachedTokens;
    return Math.max(0, promptTokens - there);
  }

  /// Tokens at the beginning that need not be computed when it gets a slot.
  int reusableTokens() {
    return reusableTokens;
  }

  void reuse(int tokens) {
    reusableTokens = tokens;
  }

  /// Whether it may not have a slot yet.
  boolean heldBack() {
    return heldBack;
  }

  void holdBack(boolean wait) {
    heldBack = wait;
  }

  /// Tokens of the answer that were computed.
  int decodedTokens() {
    return Math.max(0, cachedTokens - promptTokens);
  }

  /// Those since it has its slot.
  int decodedInSlot() {
    return decodedInSlot;
  }

  /// How often it was preempted.
  int swaps() {
    return swaps;
  }

  /// How long it has been without a slot, ns.
  long waitedNanos(long nowNanos) {
    return nowNanos - waitingSinceNanos;
  }

  boolean inSlot() {
    return slot != NO_SLOT;
  }

  boolean waits() {
    return state == SequenceState.WAITING || state == SequenceState.SWAPPED;
  }

  private void transitionTo(SequenceState next) {
    if (!state.successors().contains(next)) {
      throw new IllegalStateException(
          "sequence " + id + " cannot go from " + state + " to " + next);
    }
    state = next;
  }

  /// Gets a slot, for the first time or again.
  void enter(int newSlot) {
    if (state == SequenceState.SWAPPED) {
      transitionTo(SequenceState.DECODING);
    } else {
      transitionTo(SequenceState.PREFILLING);
      cachedTokens = reusableTokens;
    }
    slot = newSlot;
    decodedInSlot = 0;
  }

  void moveTo(int newSlot) {
    slot = newSlot;
  }

  void preempt(long nowNanos) {
    transitionTo(SequenceState.SWAPPED);
    slot = NO_SLOT;
    swaps++;
    waitingSinceNanos = nowNanos;
  }

  void cache(int tokens) {
    cachedTokens += tokens;
    if (state == SequenceState.DECODING) {
      decodedInSlot += tokens;
    } else if (promptTokensLeft() == 0) {
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
