package dev.parley.worker.model;

import dev.parley.shared.wire.Penalties;

/// Makes tokens of the last `lastN` less probable: the repetition penalty of CTRL (Keskar et al. 2019,
/// arXiv:1909.05858, section 4.1; a negative logit is multiplied, as everybody does since), then OpenAI's frequency
/// and presence penalties, as in `llama_sampler_init_penalties`. Reused and not thread-safe.
final class RepeatPenalty {
  /// How often each token was seen; all zero between calls.
  private int[] counts = new int[0];

  void apply(LogitRow row, TokenView tokens, Penalties penalties) {
    if (counts.length < row.size()) {
      counts = new int[row.size()];
    }
    int from = tokens.lastFrom(penalties.lastN());
    for (int i = from; i < tokens.size(); i++) {
      counts[tokens.get(i)]++;
    }
    for (int i = from; i < tokens.size(); i++) {
      int id = tokens.get(i);
      if (counts[id] > 0) {
        row.set(id, penalized(row.get(id), counts[id], penalties));
        counts[id] = 0;
      }
    }
  }

  private static float penalized(float logit, int count, Penalties p) {
    double scaled = logit <= 0 ? logit * p.repetition() : logit / p.repetition();
    return (float) (scaled - count * p.frequency() - p.presence());
  }
}
