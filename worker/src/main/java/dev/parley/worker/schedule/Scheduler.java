package dev.parley.worker.schedule;

import dev.parley.worker.schedule.StepPlan.Chunk;
import dev.parley.worker.schedule.StepPlan.Move;
import dev.parley.worker.schedule.StepPlan.Row;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Plans steps over a fixed number of slots: plan, run, report, again.
///
/// - **Running sequences first.** Every decoding sequence gets one row of every step, so nobody's
///   answer waits for another's prompt longer than one chunk takes.
/// - **Then prompts**, in order of arrival and one after the other (a prompt that ends early starts to
///   answer early; ten that advance together all end late), in chunks of a multiple of
///   [ScheduleLimits#CHUNK_TOKENS], each in a decode call of its own. When nobody is decoding the whole
///   step is theirs.
/// - **Slots are dense.** The library computes rows of slots 0, 1, 2, ... together; a hole in them costs
///   up to half the speed. So decoding sequences fill slots 0 to d-1 and the one unfinished prompt comes
///   right after them; when a sequence ends, the highest decoding one moves into its slot.
/// - **Alone** sequences (suspected of killing the process) run when nobody else does, and nobody is let
///   in beside them. Order of arrival holds for them too, so that they cannot starve.
///
/// Not thread-safe. [#plan] and [#done] alternate; [#submit] and [#end] come between a `done` and the
/// next `plan`.
public final class Scheduler {
  private final ScheduleLimits limits;
  private final Map<String, Sequence> sequences = new HashMap<>();
  private final Deque<Sequence> waiting = new ArrayDeque<>();
  private final List<Sequence> active = new ArrayList<>();
  private boolean planned;

  public Scheduler(ScheduleLimits limits) {
    this.limits = limits;
  }

  public ScheduleLimits limits() {
    return limits;
  }

  /// Whether one more sequence can be held: in a free slot, or waiting.
  public boolean hasRoom() {
    return sequences.size() < limits.slots() + limits.maxWaiting();
  }

  public boolean holds(String id) {
    return sequences.containsKey(id);
  }

  /// Sequences in a slot.
  public int running() {
    return active.size();
  }

  /// Sequences held without a slot.
  public int waiting() {
    return waiting.size();
  }

  /// Takes a sequence to be run.
  ///
  /// @param promptTokens at least 1, and fewer than a slot holds
  /// @param alone whether it must not share a step with another
  public void submit(String id, int promptTokens, boolean alone) {
    requireBetweenSteps();
    if (promptTokens < 1 || promptTokens >= limits.contextTokens()) {
      throw new IllegalArgumentException(
          "a prompt of " + promptTokens + " tokens in a context of " + limits.contextTokens());
    }
    if (!hasRoom()) {
      throw new IllegalStateException("no room for " + id);
    }
    Sequence sequence = new Sequence(id, promptTokens, alone);
    if (sequences.putIfAbsent(id, sequence) != null) {
      throw new IllegalArgumentException("sequence " + id + " is held already");
    }
    waiting.addLast(sequence);
  }

  /// Lets a sequence go, whatever its state.
  ///
  /// @return the slot whose cache the caller must empty
  public OptionalInt end(String id) {
    requireBetweenSteps();
    Sequence sequence = sequences.remove(id);
    if (sequence == null) {
      throw new IllegalArgumentException("sequence " + id + " is not held");
    }
    waiting.remove(sequence);
    active.remove(sequence);
    int slot = sequence.slot();
    sequence.end();
    return slot == Sequence.NO_SLOT ? OptionalInt.empty() : OptionalInt.of(slot);
  }

  /// The next step; empty when there is nothing to do.
  public StepPlan plan() {
    requireBetweenSteps();
    planned = true;
    List<Move> moves = compact();
    List<Row> rows = rows();
    return new StepPlan(moves, rows, chunks(rows.size()));
  }

  /// The plan has been carried out (sequences that failed in it are to be ended right after).
  public void done(StepPlan plan) {
    if (!planned) {
      throw new IllegalStateException("no step is under way");
    }
    planned = false;
    plan.rows().forEach(row -> held(row.id()).cache(1));
    plan.chunks().forEach(chunk -> held(chunk.id()).cache(chunk.tokens()));
  }

  /// Makes the slots dense again: decoding sequences into 0 to d-1, then the unfinished prompt.
  private List<Move> compact() {
    active.sort(Comparator.comparingInt(Sequence::slot));
    List<Move> moves = new ArrayList<>();
    List<Sequence> decoding = new ArrayList<>(decoding());
    for (int slot = 0; slot < decoding.size(); slot++) {
      if (decoding.get(slot).slot() != slot) {
        Sequence highest = decoding.removeLast();
        moves.add(move(highest, slot));
        decoding.add(slot, highest);
      }
    }
    for (Sequence prompt : active) {
      if (prompt.state() == SequenceState.PREFILLING && prompt.slot() != decoding.size()) {
        moves.add(move(prompt, decoding.size()));
      }
    }
    active.sort(Comparator.comparingInt(Sequence::slot));
    return moves;
  }

  private static Move move(Sequence sequence, int toSlot) {
    Move move = new Move(sequence.id, sequence.slot(), toSlot);
    sequence.moveTo(toSlot);
    return move;
  }

  private List<Sequence> decoding() {
    return active.stream().filter(s -> s.state() == SequenceState.DECODING).toList();
  }

  private List<Row> rows() {
    return decoding().stream().map(s -> new Row(s.id, s.slot(), s.cachedTokens())).toList();
  }

  private List<Chunk> chunks(int rows) {
    int budget = limits.stepTokens() - rows;
    if (rows > 0) {
      budget = Math.min(budget, limits.busyPrefillTokens());
    }
    List<Chunk> chunks = new ArrayList<>();
    Optional<Sequence> prompt = unfinishedPrompt().or(this::nextAdmissible);
    while (prompt.isPresent() && (chunks.isEmpty() || chunks.getLast().last())) {
      int tokens = chunkTokens(prompt.get().promptTokensLeft(), budget);
      if (tokens == 0) {
        break;
      }
      chunks.add(chunk(prompt.get(), tokens));
      budget -= tokens;
      prompt = nextAdmissible();
    }
    return chunks;
  }

  private Chunk chunk(Sequence prompt, int tokens) {
    if (prompt.state() == SequenceState.WAITING) {
      admit(prompt);
    }
    boolean last = tokens == prompt.promptTokensLeft();
    return new Chunk(prompt.id, prompt.slot(), prompt.cachedTokens(), tokens, last);
  }

  private static int chunkTokens(int left, int budget) {
    return left <= budget ? left : budget - budget % ScheduleLimits.CHUNK_TOKENS;
  }

  private Optional<Sequence> unfinishedPrompt() {
    return active.stream().filter(s -> s.state() == SequenceState.PREFILLING).findFirst();
  }

  /// The sequence that waits longest, when it may have a slot now.
  private Optional<Sequence> nextAdmissible() {
    if (waiting.isEmpty() || active.size() == limits.slots()) {
      return Optional.empty();
    }
    boolean wantsAlone = waiting.getFirst().alone || (!active.isEmpty() && active.getFirst().alone);
    return wantsAlone && !active.isEmpty() ? Optional.empty() : Optional.of(waiting.getFirst());
  }

  private void admit(Sequence sequence) {
    waiting.removeFirst();
    sequence.enter(active.size());
    active.add(sequence);
  }

  private Sequence held(String id) {
    Sequence sequence = sequences.get(id);
    if (sequence == null) {
      throw new IllegalArgumentException("sequence " + id + " is not held");
    }
    return sequence;
  }

  private void requireBetweenSteps() {
    if (planned) {
      throw new IllegalStateException("a step is under way");
    }
  }

  /// Checks every invariant; tests call it after each change.
  ///
  /// @throws IllegalStateException naming the one that is broken
  void verify() {
    check(sequences.size() == waiting.size() + active.size(), "every sequence is held once");
    check(waiting.stream().allMatch(s -> s.state() == SequenceState.WAITING), "waiting");
    check(active.stream().allMatch(Sequence::active), "active");
    check(active.size() <= limits.slots(), "no more sequences than slots");
    check(
        active.stream().mapToInt(Sequence::slot).distinct().count() == active.size(),
        "no slot is used twice");
    check(
        active.stream().allMatch(s -> s.slot() >= 0 && s.slot() < limits.slots()),
        "slots are in range");
    check(
        active.stream().allMatch(s -> s.cachedTokens() <= limits.contextTokens()),
        "nobody outgrows its slot");
    check(active.size() <= 1 || active.stream().noneMatch(s -> s.alone), "alone means alone");
  }

  private void check(boolean holds, String invariant) {
    if (!holds) {
      throw new IllegalStateException("broken: " + invariant + "; " + active + " " + waiting);
    }
  }
}
