package dev.parley.worker.model;

import java.util.Arrays;

/// Tokens that may still be chosen, and their weights: what the cuts cut. Buffers are reused; not thread-safe.
///
/// Sorting a whole vocabulary costs milliseconds, so it is filled in the cheapest way that the cuts allow: only the
/// top-k tokens, only those within a margin of the best, and whole but unsorted where nobody needs an order.
final class Candidates {
  private static final float[] MARGINS = {4, 8, 16, 32, Float.POSITIVE_INFINITY};

  private final TopTokens top = new TopTokens();
  private long[] keys = new long[256];
  private double[] weights = new double[256];
  private int count;

  /// The most probable token, the lower id of two equal ones.
  static int best(float[] logits) {
    int best = 0;
    for (int id = 1; id < logits.length; id++) {
      if (logits[id] > logits[best]) {
        best = id;
      }
    }
    return best;
  }

  /// The sum of all weights.
  static double mass(float[] logits, float max, double temperature) {
    double scale = 1 / temperature;
    double total = 0;
    for (float logit : logits) {
      total += Math.exp((logit - max) * scale);
    }
    return total;
  }

  /// The best few, sorted.
  void sortTop(float[] logits, int most) {
    top.clear(most);
    float floor = Float.NEGATIVE_INFINITY;
    for (int id = 0; id < logits.length; id++) {
      // Of equals the lower id is better, and it came first.
      if (logits[id] > floor || !top.full()) {
        top.add(key(logits[id], id));
        floor = top.full() ? logitOf(top.worst()) : floor;
      }
    }
    ensureRoom(most);
    count = top.sortInto(keys);
  }

  /// All that top-p can keep, and often not much more, sorted.
  void sortNucleus(float[] logits, float max, double topP) {
    double wanted = topP * mass(logits, max, 1);
    for (float margin : MARGINS) {
      if (collect(logits, max, max - margin) >= wanted) {
        break;
      }
    }
    sort();
  }

  /// Collects the tokens at or above a logit, in order of their ids, and gives their mass.
  double collect(float[] logits, float max, float atLeast) {
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
    keys[count++] = key;
  }

  private void ensureRoom(int room) {
    if (room > keys.length) {
      int length = Math.max(room, 2 * keys.length);
      keys = Arrays.copyOf(keys, length);
      weights = new double[length];
    }
  }

  /// Best first.
  void sort() {
    Arrays.sort(keys, 0, count);
  }

  /// Gives each its weight: 1 for a token with the logit `max`.
  void weigh(float max, double temperature) {
    for (int i = 0; i < count; i++) {
      weights[i] = Math.exp((logit(i) - max) / temperature);
    }
  }

  /// Keeps the first ones.
  void keepFirst(int most) {
    count = Math.min(count, most);
  }

  /// Drops the first ones. Weights are void until [#weigh].
  void dropFirst(int dropped) {
    System.arraycopy(keys, dropped, keys, 0, count - dropped);
    count -= dropped;
  }

  /// Of sorted ones, keeps those at or above a logit, at least the first.
  void keepFrom(float atLeast) {
    int kept = 1;
    while (kept < count && logit(kept) >= atLeast) {
      kept++;
    }
    count = kept;
  }

  /// Keeps the marked ones in their order, with their weights.
  void keep(boolean[] marked) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (marked[i]) {
        keys[kept] = keys[i];
        weights[kept++] = weights[i];
      }
    }
    count = kept;
  }

  int count() {
    return count;
  }

  int id(int i) {
    return (int) keys[i];
  }

  float logit(int i) {
    return logitOf(keys[i]);
  }

  double weight(int i) {
    return weights[i];
  }

  double sum() {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += weights[i];
    }
    return sum;
  }

  /// The place where the weights before and with it enclose a share of their sum.
  ///
  /// @param uniform from 0, below 1
  int draw(double uniform) {
    double target = uniform * sum();
    double reached = 0;
    for (int i = 0; i < count; i++) {
      reached += weights[i];
      if (reached > target) {
        return i;
      }
    }
    return count - 1;
  }

  /// Sorts by descending logit, then ascending id.
  private static long key(float logit, int id) {
    int bits = Float.floatToIntBits(logit);
    int ascending = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    return ((long) ~ascending << 32) | id;
  }

  private static float logitOf(long key) {
    int ascending = ~(int) (key >> 32);
    return Float.intBitsToFloat(ascending ^ ((ascending >> 31) & Integer.MAX_VALUE));
  }
}
