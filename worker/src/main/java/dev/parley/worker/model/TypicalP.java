package dev.parley.worker.model;

import java.util.Arrays;

/// Locally typical sampling (Meister et al. 2022, arXiv:2202.00666; `llama_sampler_init_typical`): keeps the tokens
/// whose surprise is nearest to the distribution's entropy, until their probability exceeds p. Reused and not
/// thread-safe.
final class TypicalP {
  private long[] order = new long[256];
  private boolean[] kept = new boolean[256];

  /// @param sorted weighed; stays sorted
  void cut(Candidates sorted, double p) {
    if (p >= 1) {
      return;
    }
    int count = sorted.count();
    if (order.length < count) {
      order = new long[count];
      kept = new boolean[count];
    }
    double sum = sorted.sum();
    double entropy = 0;
    for (int i = 0; i < count; i++) {
      entropy += sorted.weight(i) / sum * surprise(sorted, i, sum);
    }
    for (int i = 0; i < count; i++) {
      float distance = (float) Math.abs(surprise(sorted, i, sum) - entropy);
      // A distance is not negative, so its bits are in the order of its value.
      order[i] = ((long) Float.floatToIntBits(distance) << 32) | i;
    }
    Arrays.sort(order, 0, count);
    mark(sorted, p * sum);
    sorted.keep(kept);
  }

  private void mark(Candidates sorted, double wanted) {
    Arrays.fill(kept, 0, sorted.count(), false);
    double reached = 0;
    for (int i = 0; i < sorted.count() && reached <= wanted; i++) {
      int at = (int) order[i];
      kept[at] = true;
      reached += sorted.weight(at);
    }
  }

  /// In nats. From the logit, because a weight may be too small for a number.
  private static double surprise(Candidates sorted, int i, double sum) {
    return Math.log(sum) + sorted.logit(0) - sorted.logit(i);
  }
}
