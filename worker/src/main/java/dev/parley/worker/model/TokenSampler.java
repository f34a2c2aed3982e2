package dev.parley.worker.model;

import dev.parley.shared.wire.Sampling;
import java.util.Arrays;

/// Chooses the next token from a row of logits.
///
/// Temperature 0 takes the most probable token (the lower id of two equal ones). Otherwise top-k, top-p
/// and min-p cut the distribution as the model gives it, in this order, and the temperature shapes what
/// is left: llama.cpp's own default order.
///
/// The draw is made here and not by libllama's samplers, because theirs hold a random generator whose
/// state depends on how many draws came before. Here the random number is a hash of the seed and the
/// token's index in the answer: an answer that another worker continues draws what it would have drawn.
///
/// Sorting a whole vocabulary costs milliseconds. Without top-k and top-p nothing is sorted, with top-k only the
/// tokens that it keeps, with top-p alone those within a margin of the best logit, which widens until it provably
/// holds all that the cut can keep. Not thread-safe: buffers are reused.
final class TokenSampler {
  /// Changes whenever the same logits and seed may give another token.
  static final String VERSION = "1";

  private static final float[] MARGINS = {4, 8, 16, 32, Float.POSITIVE_INFINITY};
  private static final double TWO_TO_MINUS_53 = 0x1.0p-53;

  private final TopTokens top = new TopTokens();
  private long[] sorted = new long[256];
  private double[] weights = new double[256];
  private int count;

  /// @param logits one number per token of the vocabulary
  /// @param index tokens that the answer has already
  int choose(float[] logits, Sampling sampling, int index) {
    if (sampling.temperature() == 0) {
      return best(logits);
    }
    float max = collectCandidates(logits, sampling);
    weigh(max, sampling.temperature());
    return draw(uniform(sampling.seed(), index));
  }

  /// Collects what the cuts leave and gives the best logit.
  private float collectCandidates(float[] logits, Sampling sampling) {
    if (sampling.topK() == 0 && sampling.topP() == 1) {
      float max = logits[best(logits)];
      collect(logits, max, (float) (max + Math.log(sampling.minP())));
      return max;
    }
    if (sampling.topK() > 0) {
      sortTop(logits, Math.min(sampling.topK(), logits.length));
    } else {
      sortNucleus(logits, logits[best(logits)], sampling.topP());
    }
    float max = logit(sorted[0]);
    weigh(max, 1);
    keepTopP(sampling);
    keepMinP(sampling);
    return max;
  }

  private static int best(float[] logits) {
    int best = 0;
    for (int id = 1; id < logits.length; id++) {
      if (logits[id] > logits[best]) {
        best = id;
      }
    }
    return best;
  }

  private void sortNucleus(float[] logits, float max, double topP) {
    double wanted = topP * mass(logits, max);
    for (float margin : MARGINS) {
      if (collect(logits, max, max - margin) >= wanted) {
        break;
      }
    }
    Arrays.sort(sorted, 0, count);
  }

  private void sortTop(float[] logits, int most) {
    top.clear(most);
    float floor = Float.NEGATIVE_INFINITY;
    for (int id = 0; id < logits.length; id++) {
      // Of equals the lower id is better, and it came first.
      if (logits[id] > floor || !top.full()) {
        top.add(key(logits[id], id));
        floor = top.full() ? logit(top.worst()) : floor;
      }
    }
    ensureRoom(most);
    count = top.sortInto(sorted);
  }

  private static double mass(float[] logits, float max) {
    double total = 0;
    for (float logit : logits) {
      total += Math.exp(logit - max);
    }
    return total;
  }

  /// Collects the tokens at or above a logit and gives their mass.
  private double collect(float[] logits, float max, float atLeast) {
    count = 0;
    double found = 0;
    for (int id = 0; id < logits.length; id++) {
      if (logits[id] >= atLeast) {
        add(key(logits[id], id));
        found += Math.exp(logits[id] - max);
      }
    }
    return found;
  }

  private void add(long key) {
    ensureRoom(count + 1);
    sorted[count++] = key;
  }

  private void ensureRoom(int keys) {
    if (keys > sorted.length) {
      int length = Math.max(keys, 2 * sorted.length);
      sorted = Arrays.copyOf(sorted, length);
      weights = new double[length];
    }
  }

  /// Sorts by descending logit, then ascending id.
  private static long key(float logit, int id) {
    int bits = Float.floatToIntBits(logit);
    int ascending = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    return ((long) ~ascending << 32) | id;
  }

  private static float logit(long key) {
    int ascending = ~(int) (key >> 32);
    return Float.intBitsToFloat(ascending ^ ((ascending >> 31) & Integer.MAX_VALUE));
  }

  private void weigh(float max, double temperature) {
    for (int i = 0; i < count; i++) {
      weights[i] = Math.exp((logit(sorted[i]) - max) / temperature);
    }
  }

  private void keepTopP(Sampling sampling) {
    if (sampling.topP() >= 1) {
      return;
    }
    double wanted = sampling.topP() * sum();
    double reached = 0;
    for (int i = 0; i < count; i++) {
      reached += weights[i];
      if (reached >= wanted) {
        count = i + 1;
        return;
      }
    }
  }

  private void keepMinP(Sampling sampling) {
    int kept = 1;
    while (kept < count && weights[kept] >= sampling.minP() * weights[0]) {
      kept++;
    }
    count = kept;
  }

  private double sum() {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += weights[i];
    }
    return sum;
  }

  private int draw(double uniform) {
    double target = uniform * sum();
    double reached = 0;
    for (int i = 0; i < count; i++) {
      reached += weights[i];
      if (reached > target) {
        return (int) sorted[i];
      }
    }
    return (int) sorted[count - 1];
  }

  /// A number in [0, 1) from seed and index, by the finalizer of SplitMix64.
  static double uniform(long seed, int index) {
    long mixed = mix(mix(seed + 0x9E3779B97F4A7C15L) + index);
    return (mixed >>> 11) * TWO_TO_MINUS_53;
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
