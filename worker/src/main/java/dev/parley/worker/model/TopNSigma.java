package dev.parley.worker.model;

/// Drops tokens whose logit is more than n standard deviations below the best (Tang et al. 2024, arXiv:2411.07641;
/// `llama_sampler_init_top_n_sigma`). Banned tokens do not count.
final class TopNSigma {
  private TopNSigma() {}

  /// The logit below which tokens are dropped.
  static float floor(float[] logits, float max, double n) {
    double sum = 0;
    int count = 0;
    for (float logit : logits) {
      if (logit > Float.NEGATIVE_INFINITY) {
        sum += logit;
        count++;
      }
    }
    double mean = sum / count;
    double squares = 0;
    for (float logit : logits) {
      if (logit > Float.NEGATIVE_INFINITY) {
        squares += (logit - mean) * (logit - mean);
      }
    }
    return (float) (max - n * Math.sqrt(squares / count));
  }
}
