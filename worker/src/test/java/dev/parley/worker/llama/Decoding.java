package dev.parley.worker.llama;

import static org.assertj.core.api.Assertions.assertThat;

/// Drives a context by hand: what a test of caches needs of an engine.
final class Decoding {
  private final LlamaContext context;
  private final int vocabulary;
  private final TokenBatch batch;

  Decoding(LlamaContext context, LlamaModel model) {
    this.context = context;
    this.vocabulary = model.vocab().size();
    this.batch = new TokenBatch(context.options().batchTokens());
  }

  /// Computes tokens behind those of a slot, in calls of at most a batch.
  ///
  /// @return logits after the last
  float[] feed(int slot, int... tokens) {
    int first = context.lastPosition(slot) + 1;
    for (int from = 0; from < tokens.length; ) {
      int until = Math.min(tokens.length, from + context.options().batchTokens());
      batch.clear();
      for (int i = from; i < until; i++) {
        batch.add(slot, first + i, tokens[i], i == tokens.length - 1);
      }
      assertThat(context.decode(batch)).isEqualTo(DecodeResult.OK);
      from = until;
    }
    return logits(batch.size() - 1);
  }

  /// Computes the same token behind those of slots 0, 1, ... in one call.
  ///
  /// @return logits after that of slot 0
  float[] feedAll(int slots, int token) {
    batch.clear();
    for (int slot = 0; slot < slots; slot++) {
      batch.add(slot, context.lastPosition(slot) + 1, token, true);
    }
    assertThat(context.decode(batch)).isEqualTo(DecodeResult.OK);
    return logits(0);
  }

  private float[] logits(int row) {
    float[] logits = new float[vocabulary];
    context.logits(row, logits);
    return logits;
  }

  /// The most probable token.
  static int best(float[] logits) {
    int best = 0;
    for (int token = 1; token < logits.length; token++) {
      best = logits[token] > logits[best] ? token : best;
    }
    return best;
  }

  /// By how much it is.
  static double margin(float[] logits) {
    int best = best(logits);
    double second = Double.NEGATIVE_INFINITY;
    for (int token = 0; token < logits.length; token++) {
      second = token == best ? second : Math.max(second, logits[token]);
    }
    return logits[best] - second;
  }

  /// The largest difference of two rows.
  static double distance(float[] a, float[] b) {
    double most = 0;
    for (int token = 0; token < a.length; token++) {
      most = Math.max(most, Math.abs((double) a[token] - b[token]));
    }
    return most;
  }
}
