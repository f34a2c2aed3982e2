package dev.parley.worker.engine;

import dev.parley.shared.wire.ChatMessage;
import dev.parley.worker.llama.DecodeResult;
import dev.parley.worker.llama.SavedSequence;
import dev.parley.worker.llama.TokenBatch;
import dev.parley.worker.model.Choice;
import dev.parley.worker.model.SamplerState;
import dev.parley.worker.model.TokenModel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Cancels requests from inside a model, on the engine's thread, each at its [Moment]; and counts the caches that
/// are in host memory.
///
/// A request is known by its prompt, whose first [#MARK] tokens no other's has; who is in which slot, by the moves.
final class CancellingModel extends ForwardingModel {
  /// Tokens by which prompts are told apart.
  static final int MARK = 4;

  /// Where a request is when it is cancelled.
  enum Moment {
    /// Held, without a slot.
    WAITING,
    FIRST_CHUNK,
    MIDDLE_CHUNK,
    LAST_CHUNK,
    DECODING,
    /// On its way to host memory.
    SWAPPED,
    /// On its way back from there.
    RESTORING,
    /// In the step that ends it anyway.
    FINISHING,
    NEVER;

    /// All but [#NEVER], evenly.
    static Moment of(int number) {
      List<Moment> cancelled = List.copyOf(EnumSet.complementOf(EnumSet.of(NEVER)));
      return cancelled.get(number % cancelled.size());
    }

    /// Whether it needs a prompt of several chunks.
    boolean inPrompt() {
      return this == FIRST_CHUNK || this == MIDDLE_CHUNK || this == LAST_CHUNK;
    }

    /// Whether it needs an answer long enough to make way.
    boolean makesWay() {
      return this == SWAPPED || this == RESTORING;
    }
  }

  /// Tokens of an answer that is cancelled while it decodes.
  private static final int BEGUN = 16;

  private static final String NOBODY = "";

  private final Map<String, Moment> moments;
  private final Map<List<Integer>, String> marks = new ConcurrentHashMap<>();
  private final Map<String, Integer> promptTokens = new ConcurrentHashMap<>();
  private volatile CountDownLatch gate = new CountDownLatch(1);
  private final Map<String, Long> cancelledIn = new ConcurrentHashMap<>();

  // Of the engine's thread.
  private final String[] owners;
  private final Set<String> seen = new HashSet<>();

  /// The first tokens of what is in each slot.
  private final Map<Integer, List<Integer>> begun = new HashMap<>();

  private final List<Integer> rowSlots = new ArrayList<>();

  private final AtomicLong savedBytes = new AtomicLong();
  private final AtomicInteger savedCaches = new AtomicInteger();
  private volatile @Nullable Engine engine;

  /// @param moments of the requests, by id
  CancellingModel(TokenModel model, Map<String, Moment> moments) {
    super(model);
    this.moments = new HashMap<>(moments);
    this.owners = new String[info().slots()];
    Arrays.fill(owners, NOBODY);
  }

  /// Lets the engine compute: whom it holds by now is cancelled as he was told.
  void go(Engine started) {
    engine = started;
    gate.countDown();
  }

  /// Lets an idle engine compute no more until [#go].
  void pause() {
    gate = new CountDownLatch(1);
  }

  /// In which step each request was cancelled.
  Map<String, Long> cancelledIn() {
    return Map.copyOf(cancelledIn);
  }

  long savedBytes() {
    return savedBytes.get();
  }

  int savedCaches() {
    return savedCaches.get();
  }

  @Override
  public int[] prompt(List<ChatMessage> messages) {
    int[] prompt = super.prompt(messages);
    String id = messages.getLast().content().split(" ", 2)[0];
    marks.put(mark(prompt), id);
    promptTokens.put(id, prompt.length);
    return prompt;
  }

  private static List<Integer> mark(int[] tokens) {
    return Arrays.stream(tokens).limit(MARK).boxed().toList();
  }

  @Override
  public DecodeResult decode(TokenBatch batch, boolean prefill) {
    await();
    rowSlots.clear();
    for (int row = 0; row < batch.size(); row++) {
      rowSlots.add(batch.slot(row));
    }
    if (prefill) {
      prefills(batch);
    }
    cancelWaiting();
    return super.decode(batch, prefill);
  }

  private void await() {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void prefills(TokenBatch batch) {
    int slot = batch.slot(0);
    int from = batch.position(0);
    if (from == 0) {
      owners[slot] = NOBODY;
      begun.put(slot, new ArrayList<>());
    }
    // A first chunk may be shorter than a mark: then the second one counts as the first.
    boolean first = owners[slot].equals(NOBODY);
    if (first) {
      List<Integer> mark = begun.getOrDefault(slot, new ArrayList<>());
      for (int row = 0; row < batch.size() && mark.size() < MARK; row++) {
        mark.add(batch.token(row));
      }
      owners[slot] = marks.getOrDefault(mark, NOBODY);
    }
    String id = owners[slot];
    seen.add(id);
    boolean last = from + batch.size() == promptTokens.getOrDefault(id, 0);
    if (first) {
      at(Moment.FIRST_CHUNK, id);
    }
    if (last || from > 0) {
      at(last ? Moment.LAST_CHUNK : Moment.MIDDLE_CHUNK, id);
    }
  }

  private void cancelWaiting() {
    promptTokens.keySet().stream()
        .filter(id -> !seen.contains(id))
        .forEach(id -> at(Moment.WAITING, id));
  }

  private void at(Moment moment, String id) {
    if (moments.remove(id, moment)) {
      Engine started = Objects.requireNonNull(engine);
      cancelledIn.put(id, started.progress().steps() + 1);
      started.cancel(id);
    }
  }

  @Override
  public Choice choose(int row, SamplerState answer) {
    Choice choice = super.choose(row, answer);
    String id = owners[rowSlots.get(row)];
    if (isEnd(choice.token()) || answer.answered() + 1 == answer.sampling().maxTokens()) {
      at(Moment.FINISHING, id);
    } else if (answer.answered() == BEGUN) {
      at(Moment.DECODING, id);
    }
    return choice;
  }

  @Override
  public void move(int fromSlot, int toSlot) {
    super.move(fromSlot, toSlot);
    owners[toSlot] = owners[fromSlot];
    owners[fromSlot] = NOBODY;
    begun.put(toSlot, begun.getOrDefault(fromSlot, new ArrayList<>()));
    begun.remove(fromSlot);
  }

  /// A cache in host memory.
  private final class Counted implements SavedSequence {
    private final SavedSequence saved;
    private final String owner;

    Counted(SavedSequence saved, String owner) {
      this.saved = saved;
      this.owner = owner;
      count(1, saved.bytes());
    }

    @Override
    public long bytes() {
      return saved.bytes();
    }

    @Override
    public SavedSequence share() {
      throw new UnsupportedOperationException("no files here");
    }

    @Override
    public void writeTo(WritableByteChannel channel) {
      throw new UnsupportedOperationException("no files here");
    }

    @Override
    public void close() {
      count(-1, -saved.bytes());
      saved.close();
    }
  }

  private void count(int caches, long bytes) {
    savedCaches.addAndGet(caches);
    savedBytes.addAndGet(bytes);
  }

  @Override
  public SavedSequence save(int slot) {
    Counted saved = new Counted(super.save(slot), owners[slot]);
    at(Moment.SWAPPED, owners[slot]);
    return saved;
  }

  @Override
  public void restore(SavedSequence saved, int slot) {
    Counted counted = (Counted) saved;
    super.restore(counted.saved, slot);
    owners[slot] = counted.owner;
    at(Moment.RESTORING, counted.owner);
  }
}
