package dev.parley.bench;

import dev.parley.worker.llama.ContextOptions;
import dev.parley.worker.llama.DecodeResult;
import dev.parley.worker.llama.KvType;
import dev.parley.worker.llama.LlamaContext;
import dev.parley.worker.llama.LlamaModel;
import dev.parley.worker.llama.SavedSequence;
import dev.parley.worker.llama.TokenBatch;

/// How well a model with a KV cache of some number format foretells a text, token by token as an engine
/// decodes: eight windows of the text at once, a row of each in every call. The first half of a window is
/// context only, as in llama.cpp's own perplexity tool.
final class Perplexity {
  /// Tokens of a window.
  static final int WINDOW = 1_024;

  private static final int SLOTS = 8;
  private static final int HALF = WINDOW / 2;
  private static final int CHUNK = 64;

  private final LlamaContext context;
  private final int[] text;
  private final TokenBatch batch = new TokenBatch(CHUNK);
  private final float[] logits;
  private double loss;
  private int counted;
  private long bytesPerToken;

  /// @param perplexity `exp` of the mean negative logarithm of the probability of what came
  /// @param counted tokens that were foretold
  /// @param bytesPerToken of the KV cache, as a full slot was saved
  /// @param seconds that it took
  record Result(double perplexity, int counted, long bytesPerToken, double seconds) {}

  private Perplexity(LlamaContext context, int[] text, int vocabulary) {
    this.context = context;
    this.text = text;
    this.logits = new float[vocabulary];
  }

  /// @param text tokens; what does not fill the last eight windows is left out
  static Result measure(LlamaModel model, KvType type, int threads, int[] text) {
    long begin = System.nanoTime();
    try (LlamaContext context =
        model.newContext(new ContextOptions(SLOTS, WINDOW, CHUNK, threads, type))) {
      Perplexity run = new Perplexity(context, text, model.vocab().size());
      for (int from = 0; from + SLOTS * WINDOW <= text.length; from += SLOTS * WINDOW) {
        run.windows(from);
      }
      return new Result(
          Math.exp(run.loss / run.counted),
          run.counted,
          run.bytesPerToken,
          (System.nanoTime() - begin) / 1e9);
    }
  }

  private void windows(int from) {
    for (int slot = 0; slot < SLOTS; slot++) {
      for (int position = 0; position < HALF; position += CHUNK) {
        prefill(slot, from + slot * WINDOW, position);
      }
    }
    for (int position = HALF; position < WINDOW - 1; position++) {
      batch.clear();
      for (int slot = 0; slot < SLOTS; slot++) {
        batch.add(slot, position, text[from + slot * WINDOW + position], true);
      }
      decode();
      for (int slot = 0; slot < SLOTS; slot++) {
        context.logits(slot, logits);
        loss += surprise(text[from + slot * WINDOW + position + 1]);
        counted++;
      }
    }
    try (SavedSequence saved = context.save(0)) {
      bytesPerToken = saved.bytes() / (WINDOW - 1);
    }
    for (int slot = 0; slot < SLOTS; slot++) {
      context.removeFrom(slot, 0);
    }
  }

  private void prefill(int slot, int window, int from) {
    batch.clear();
    for (int position = from; position < from + CHUNK; position++) {
      batch.add(slot, position, text[window + position], false);
    }
    decode();
  }

  /// In nats.
  private double surprise(int token) {
    double max = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit);
    }
    double mass = 0;
    for (float logit : logits) {
      mass += Math.exp(logit - max);
    }
    return Math.log(mass) + max - logits[token];
  }

  private void decode() {
    DecodeResult result = context.decode(batch);
    if (result != DecodeResult.OK) {
      throw new IllegalStateException("a decode call ended with " + result);
    }
  }
}
