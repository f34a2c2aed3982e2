package dev.parley.worker.schedule;

import dev.parley.worker.schedule.StepPlan.CacheMove;
import dev.parley.worker.schedule.StepPlan.Chunk;
import dev.parley.worker.schedule.StepPlan.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/// Plans steps over a fixed number of slots: plan, run, report, again.
///
/// - **Running sequences first.** Every decoding sequence gets one row of every step, in dense slots
///   ([SlotLayout]), so nobody's answer waits for another's prompt longer than the inter-token target
///   ([PrefillPace]).
/// - **Then prompts**, one after the other (a prompt that ends early starts to answer early; ten that
///   advance together all end late), in chunks of a multiple of [ScheduleLimits#CHUNK_TOKENS], each in a
///   decode call of its own. When nobody is decoding the whole step is theirs.
/// - **Who comes first**, and who makes way when all slots are taken, is [Precedence]: a preempted
///   sequence's cache goes to host memory and comes back when its turn has come. At most one goes and one
///   comes a step, so that no step is long.
/// - **Alone** sequences (suspected of killing the process) run when nobody else does, and nobody is let
///   in beside them. The oldest waiting one stops others from being let in, so that it cannot starve.
///
/// Not thread-safe. [#plan] and [#done] alternate; [#submit] and [#end] come between a `done` and the
/// next `plan`.
public final class Scheduler {
  private final ScheduleLimits limits;
  private final SlotLayout slots;
  private final FairShare shares = new FairShare();
  private final Precedence precedence = new Precedence(shares);
  private final PrefillPace pace;

  /// In order of arrival.
  private final Map<String, Sequence> sequences = new LinkedHashMap<>();

  private long arrivals;
  private long preemptions;
  private long nowNanos;
  private boolean planned;

  public Scheduler(ScheduleLimits limits) {
    this.limits = limits;
    this.slots = new SlotLayout(limits.slots());
    this.pace = new PrefillPace(limits.interTokenTargetNanos());
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
    return slots.used();
  }

  /// Sequences held without a slot.
  public int waiting() {
    return sequences.size() - slots.used();
  }

  /// Sequences whose cache is in host memory.
  int swapped() {
    return (int) in(SequenceState.SWAPPED).count();
  }

  /// How often a sequence had to make way.
  public long preemptions() {
    return preemptions;
  }

  /// Takes a sequence to be run.
  ///
  /// @param atNanos when it came, `System.nanoTime()`
  public void submit(SequenceRequest request, long atNanos) {
    requireBetweenSteps();
    if (request.promptTokens() < 1 || request.promptTokens() >= limits.contextTokens()) {
      throw new IllegalArgumentException(
          "a prompt of "
              + request.promptTokens()
              + " tokens in a context of "
              + limits.contextTokens());
    }
    if (!hasRoom()) {
      throw new IllegalStateException("no room for " + request.id());
    }
    if (sequences.containsKey(request.id())) {
      throw new IllegalArgumentException("sequence " + request.id() + " is held already");
    }
    sequences.put(request.id(), new Sequence(request, arrivals++, atNanos));
    shares.arrived(request.user());
  }

  /// Says how many tokens at the beginning of a waiting sequence need not be computed.
  ///
  /// @param tokens fewer than its prompt has
  public void reuse(String id, int tokens) {
    requireBetweenSteps();
    Sequence sequence = held(id);
    if (tokens < 0 || tokens >= sequence.promptTokens) {
      throw new IllegalArgumentException(tokens + " tokens of " + sequence + " reused");
    }
    if (sequence.state() == SequenceState.WAITING) {
      sequence.reuse(tokens);
    }
  }

  /// Keeps a waiting sequence from getting a slot, or lets it have one again. Whoever holds one back
  /// must let it go before nothing else is left to do.
  public void holdBack(String id, boolean wait) {
    requireBetweenSteps();
    held(id).holdBack(wait);
  }

  /// Tokens of a sequence that are computed.
  public int cachedTokens(String id) {
    return held(id).cachedTokens();
  }

  /// Lets a sequence go, whatever its state.
  ///
  /// @return the slot whose cache the caller must empty
  public OptionalInt end(String id) {
    requireBetweenSteps();
    Sequence sequence = held(id);
    sequences.remove(id);
    int slot = sequence.slot();
    if (sequence.inSlot()) {
      leave(sequence);
    }
    sequence.end();
    shares.ended(sequence.user);
    return slot == Sequence.NO_SLOT ? OptionalInt.empty() : OptionalInt.of(slot);
  }

  /// The next step; empty when there is nothing to do.
  ///
  /// @param atNanos now, `System.nanoTime()`
  public StepPlan plan(long atNanos) {
    requireBetweenSteps();
    planned = true;
    nowNanos = atNanos;
    List<CacheMove> caches = new ArrayList<>();
    assignSlots(caches);
    caches.addAll(slots.compact());
    List<Row> rows = rows();
    List<Chunk> chunks = chunks(rows.size(), caches);
    return new StepPlan(caches, rows, chunks);
  }

  /// The plan has been carried out (sequences that failed in it are to be ended right after).
  public void done(StepPlan plan, StepTimes times) {
    if (!planned) {
      throw new IllegalStateException("no step is under way");
    }
    planned = false;
    for (Row row : plan.rows()) {
      Sequence sequence = held(row.id());
      sequence.cache(1);
      shares.answer(sequence.user, 1);
    }
    for (Chunk chunk : plan.chunks()) {
      Sequence sequence = held(chunk.id());
      sequence.cache(chunk.tokens());
      shares.prompt(sequence.user, chunk.tokens());
    }
    pace.measured(plan, times);
  }

  // ---- slots

  /// Brings preempted sequences back into free slots, or makes one sequence go.
  private void assignSlots(List<CacheMove> caches) {
    boolean more = true;
    while (more) {
      more = assignSlot(caches) && slots.free() > 0;
    }
  }

  /// Brings one preempted sequence back, or makes one go, if somebody who waits has the right to it and
  /// can use the slot at once: of new prompts only the next one can. It is let in by [#chunks].
  ///
  /// @return whether one is back in a slot that was free
  private boolean assignSlot(List<CacheMove> caches) {
    int free = slots.free();
    boolean promptWanted = true;
    for (Sequence candidate : waitingByPrecedence()) {
      boolean prompt = candidate.state() == SequenceState.WAITING;
      boolean full = free == 0;
      if ((prompt && !(promptWanted && isNextPrompt(candidate)))
          || (full && !makeWay(candidate, caches))) {
        continue;
      }
      free = Math.max(0, free - 1);
      promptWanted &= !prompt;
      if (!prompt) {
        enter(candidate);
        caches.add(new CacheMove.In(candidate.id, candidate.slot()));
      }
      if (full || !prompt) {
        return !full;
      }
    }
    return false;
  }

  private List<Sequence> waitingByPrecedence() {
    boolean letIn = mayLetIn();
    return sequences.values().stream()
        .filter(s -> s.state() == SequenceState.SWAPPED || (letIn && mayEnter(s)))
        .sorted(precedence.at(nowNanos))
        .toList();
  }

  /// Whether the slot of a decoding sequence was freed for this one.
  private boolean makeWay(Sequence candidate, List<CacheMove> caches) {
    Optional<Sequence> victim =
        precedence.victim(candidate, slots.decoding(), swapRoom(), nowNanos);
    victim.ifPresent(v -> {
      caches.add(new CacheMove.Out(v.id, v.slot()));
      leave(v);
      v.preempt(nowNanos);
      preemptions++;
    });
    return victim.isPresent();
  }

  private boolean isNextPrompt(Sequence candidate) {
    Comparator<Sequence> order = precedence.at(nowNanos);
    return slots.prefilling().stream().allMatch(p -> order.compare(candidate, p) < 0);
  }

  private long swapRoom() {
    return limits.swapTokens() - in(SequenceState.SWAPPED).mapToLong(Sequence::cachedTokens).sum();
  }

  private void enter(Sequence sequence) {
    slots.enter(sequence);
    shares.slots(sequence.user, 1);
  }

  private void leave(Sequence sequence) {
    slots.leave(sequence);
    shares.slots(sequence.user, -1);
  }

  // ---- rows and chunks

  private List<Row> rows() {
    return slots.decoding().stream().map(s -> new Row(s.id, s.slot(), s.cachedTokens())).toList();
  }

  private List<Chunk> chunks(int rows, List<CacheMove> caches) {
    int budget = limits.stepTokens() - rows;
    double nanos = rows > 0 ? pace.spareNanos() : Double.POSITIVE_INFINITY;
    List<Chunk> chunks = new ArrayList<>();
    Set<Sequence> planned = new HashSet<>();
    Optional<Sequence> prompt = nextPrompt(planned);
    while (prompt.isPresent()) {
      Sequence sequence = prompt.get();
      int left = sequence.promptTokensLeft();
      int depth = sequence.promptTokens - left;
      int least = chunks.isEmpty() ? ScheduleLimits.CHUNK_TOKENS : 0;
      int most = Math.min(budget, Math.max(least, pace.rows(depth, nanos, budget)));
      int tokens = PrefillPace.share(left, most);
      if (tokens == 0) {
        break;
      }
      if (sequence.state() == SequenceState.WAITING) {
        letIn(sequence, caches);
      }
      boolean last = tokens == left;
      chunks.add(new Chunk(sequence.id, sequence.slot(), depth, tokens, last));
      if (!last) {
        break;
      }
      planned.add(sequence);
      budget -= tokens;
      nanos -= pace.nanos(depth, tokens);
      prompt = nextPrompt(planned);
    }
    return chunks;
  }

  private void letIn(Sequence sequence, List<CacheMove> caches) {
    enter(sequence);
    int reused = sequence.reusableTokens();
    if (reused > 0) {
      caches.add(new CacheMove.Reuse(sequence.id, sequence.slot(), reused));
    }
  }

  /// The prompt to compute next: one that has its slot, or one that can have a slot now.
  private Optional<Sequence> nextPrompt(Set<Sequence> except) {
    return Stream.concat(slots.prefilling().stream(), admissible())
        .filter(s -> !except.contains(s))
        .min(precedence.at(nowNanos));
  }

  private Stream<Sequence> admissible() {
    if (slots.free() == 0) {
      return Stream.empty();
    }
    if (mayLetIn()) {
      return sequences.values().stream().filter(Scheduler::mayEnter);
    }
    boolean empty = slots.used() == 0 && in(SequenceState.SWAPPED).findAny().isEmpty();
    return empty ? in(SequenceState.WAITING).limit(1) : Stream.empty();
  }

  private static boolean mayEnter(Sequence sequence) {
    return sequence.state() == SequenceState.WAITING && !sequence.alone && !sequence.heldBack();
  }

  /// Whether anybody may join those who run: nobody who runs is alone, and the oldest who waits needs not be.
  private boolean mayLetIn() {
    return slots.active().stream().noneMatch(s -> s.alone)
        && in(SequenceState.WAITING).findFirst().filter(s -> s.alone).isEmpty();
  }

  private Stream<Sequence> in(SequenceState state) {
    return sequences.values().stream().filter(s -> s.state() == state);
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
    slots.verify();
    List<Sequence> active = slots.active();
    check(
        sequences.values().stream().filter(Sequence::inSlot).count() == active.size(),
        "who has a slot is in it");
    check(
        sequences.values().stream().allMatch(s -> s.inSlot() != s.waits()),
        "everybody has a slot or waits for one");
    check(
        active.stream().allMatch(s -> s.cachedTokens() <= limits.contextTokens()),
        "nobody outgrows its slot");
    check(active.size() <= 1 || active.stream().noneMatch(s -> s.alone), "alone means alone");
    check(swapRoom() >= 0, "host memory holds what was swapped");
    check(
        sequences.values().stream().allMatch(s -> s.swaps() <= Precedence.MAX_SWAPS),
        "nobody is preempted too often");
  }

  private void check(boolean holds, String invariant) {
    if (!holds) {
      throw new IllegalStateException("broken: " + invariant + "; " + sequences.values());
    }
  }
}
