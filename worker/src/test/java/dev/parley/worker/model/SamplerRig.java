package dev.parley.worker.model;

import dev.parley.shared.wire.Sampling;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/// What tests of the sampler have in common: a vocabulary of made-up words, made-up logits.
final class SamplerRig {
  /// The token that ends an answer.
  static final int END = 0;

  /// Spells `:`, a sequence breaker.
  static final int BREAKER = 1;

  private SamplerRig() {}

  /// Token 0 is the end, token 1 a breaker; the others spell `t` and their number.
  static TokenSampler sampler() {
    return new TokenSampler(new TokenFacts(new int[] {END}, SamplerRig::bytes));
  }

  private static byte[] bytes(int token) {
    String text = token == BREAKER ? ":" : "t" + token;
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// An answer of so many tokens, all the same.
  static SamplerState answered(Sampling sampling, int tokens) {
    return new SamplerState(sampling, new TokenList(new int[tokens]), 0);
  }

  /// An answer to no prompt.
  static SamplerState saying(Sampling sampling, int... tokens) {
    return new SamplerState(sampling, new TokenList(tokens), 0);
  }

  static float[] logits(Random random, int size) {
    float[] logits = new float[size];
    double spread = 1 + random.nextInt(8);
    for (int i = 0; i < size; i++) {
      logits[i] = (float) (random.nextGaussian() * spread);
    }
    return logits;
  }
}
