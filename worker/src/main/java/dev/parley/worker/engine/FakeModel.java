package dev.parley.worker.engine;

import dev.parley.shared.grammar.GrammarState;
import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Sampling;
import dev.parley.worker.llama.DecodeResult;
import dev.parley.worker.llama.SavedSequence;
import dev.parley.worker.llama.TokenBatch;
import dev.parley.worker.model.Choice;
import dev.parley.worker.model.ModelInfo;
import dev.parley.worker.model.PromptException;
import dev.parley.worker.model.SamplerState;
import dev.parley.worker.model.TokenModel;
import dev.parley.worker.model.TokenScore;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/// A model made up of words, at a given speed, with slots and caches as strict as the real one's.
///
/// What it says next depends on the tokens that it finds in the row's slot, so an engine that mixes up
/// slots, positions or moves says something else than [FakeWords] foretells.
final class FakeModel implements TokenModel {
  static final String FINGERPRINT = "fake-1";
  private static final double NANOS_PER_SECOND = 1e9;

  private final FakeWords words = new FakeWords();
  private final ModelInfo info;
  private final double tokensPerSecond;
  private final double prefillTokensPerSecond;
  private final List<List<Integer>> caches = new ArrayList<>();
  private final AtomicBoolean abort = new AtomicBoolean();
  private int[][] rows = new int[0][];

  FakeModel(FakeEngine.Options options) {
    this.info =
        new ModelInfo(
            "fake",
            FINGERPRINT,
            "words",
            options.slots(),
            options.contextTokens(),
            "none",
            0,
            true,
            Integer.MAX_VALUE);
    this.tokensPerSecond = options.tokensPerSecond();
    this.prefillTokensPerSecond = options.prefillTokensPerSecond();
    for (int slot = 0; slot < options.slots(); slot++) {
      caches.add(new ArrayList<>());
    }
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public int[] prompt(List<ChatMessage> messages) {
    if (messages.isEmpty()) {
      throw new PromptException(EndReason.NO_MESSAGES, "there are no messages to answer");
    }
    return words.prompt(messages);
  }

  @Override
  public byte[] bytes(int token) {
    return words.word(token).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public boolean isEnd(int token) {
    return token == FakeWords.END;
  }

  @Override
  public DecodeResult decode(TokenBatch batch, boolean prefill) {
    double seconds = prefill ? batch.size() / prefillTokensPerSecond : 1 / tokensPerSecond;
    boolean whole = spend((long) (seconds * NANOS_PER_SECOND), prefill);
    if (prefill && !whole) {
      return DecodeResult.ABORTED;
    }
    rows = new int[batch.size()][];
    for (int row = 0; row < batch.size(); row++) {
      List<Integer> cache = caches.get(batch.slot(row));
      if (cache.size() != batch.position(row) || cache.size() >= info.contextTokens()) {
        throw new IllegalArgumentException(
            "row " + row + " does not continue slot " + batch.slot(row));
      }
      cache.add(batch.token(row));
      if (batch.output(row)) {
        rows[row] = cache.stream().mapToInt(Integer::intValue).toArray();
      }
    }
    return DecodeResult.OK;
  }

  /// Takes time as computing would; false when it was asked to stop.
  private boolean spend(long nanos, boolean abortable) {
    long until = System.nanoTime() + nanos;
    long left = nanos;
    while (left > 0 && !(abortable && abort.get())) {
      LockSupport.parkNanos(this, left);
      left = until - System.nanoTime();
    }
    return !(abortable && abort.getAndSet(false));
  }

  @Override
  public void abortPrefill() {
    abort.set(true);
  }

  @Override
  public Choice choose(int row, SamplerState answer) {
    Sampling sampling = answer.sampling();
    int[] cached = rows[row];
    if (cached == null) {
      throw new IllegalArgumentException("row " + row + " has no output");
    }
    int token = answer.grammar().isPresent() ? within(cached, answer) : said(cached, answer);
    return new Choice(
        token,
        sampling.logprobs().wanted() ? Optional.of(score(token, sampling)) : Optional.empty());
  }

  private int said(int[] cached, SamplerState answer) {
    Sampling sampling = answer.sampling();
    int end = cached.length - 1;
    while (cached[end] != FakeWords.ANSWER) {
      end--;
    }
    int[] prompt = Arrays.copyOf(cached, end + 1);
    for (int i = end + 1; i < cached.length; i++) {
      if (cached[i] != words.next(prompt, sampling.seed(), i - end - 1)) {
        throw new IllegalStateException("the slot's cache belongs to another answer");
      }
    }
    return words.next(prompt, sampling.seed(), answer.answered());
  }

  /// Under a grammar it says what the grammar allows, whatever the prompt.
  private int within(int[] cached, SamplerState answer) {
    for (int i = 0; i < cached.length; i++) {
      if (cached[i] != answer.tokens().get(i)) {
        throw new IllegalStateException("the slot's cache belongs to another answer");
      }
    }
    GrammarState grammar = answer.grammar().orElseThrow();
    grammar.refresh();
    return words.nextWithin(grammar, answer.sampling().seed(), answer.answered());
  }

  /// It knows what it says, and would have said the same instead.
  private static TokenScore score(int token, Sampling sampling) {
    TokenScore alone = new TokenScore(token, 0, List.of());
    return new TokenScore(token, 0, Collections.nCopies(sampling.logprobs().top(), alone));
  }

  @Override
  public boolean forget(int slot, int position) {
    List<Integer> cache = caches.get(slot);
    if (position < cache.size()) {
      cache.subList(position, cache.size()).clear();
    }
    return true;
  }

  @Override
  public void move(int fromSlot, int toSlot) {
    if (!caches.get(toSlot).isEmpty()) {
      throw new IllegalArgumentException("slot " + toSlot + " is not empty");
    }
    caches.set(toSlot, caches.get(fromSlot));
    caches.set(fromSlot, new ArrayList<>());
  }

  /// A slot's words.
  private record SavedWords(List<Integer> words) implements SavedSequence {
    @Override
    public long bytes() {
      return (long) words.size() * Integer.BYTES;
    }

    @Override
    public SavedSequence share() {
      return this;
    }

    @Override
    public void writeTo(WritableByteChannel channel) throws IOException {
      ByteBuffer buffer = ByteBuffer.allocate(words.size() * Integer.BYTES);
      words.forEach(buffer::putInt);
      buffer.flip();
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }

    @Override
    public void close() {}
  }

  @Override
  public SavedSequence save(int slot) {
    return new SavedWords(List.copyOf(caches.get(slot)));
  }

  @Override
  public SavedSequence load(ReadableByteChannel channel, long bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(bytes));
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException("saved words of " + bytes + " bytes end before");
      }
    }
    buffer.flip();
    List<Integer> read = new ArrayList<>();
    while (buffer.hasRemaining()) {
      read.add(buffer.getInt());
    }
    return new SavedWords(read);
  }

  @Override
  public void restore(SavedSequence saved, int slot) {
    if (!caches.get(slot).isEmpty()) {
      throw new IllegalArgumentException("slot " + slot + " is not empty");
    }
    caches.get(slot).addAll(((SavedWords) saved).words());
  }

  @Override
  public void close() {
    caches.clear();
  }
}
