package dev.parley.worker.model;

/// Drops tokens below a share of the best one's probability (Nguyen et al. 2024, arXiv:2407.01082;
/// `llama_sampler_init_min_p`).
final class MinP {
  private MinP() {}

  /// @param sorted weighed
  static void cut(Candidates sorted, double share) {
    int kept = 1;
    while (kept < sorted.count() && sorted.weight(kept) >= share * sorted.weight(0)) {
      kept++;
    }
    sorted.keepFirst(kept);
  }

  /// The logit below which tokens are dropped.
  static float floor(float max, double share) {
    return (float) (max + Math.log(share));
  }
}
