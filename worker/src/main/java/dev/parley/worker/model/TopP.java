package dev.parley.worker.model;

/// Nucleus sampling (Holtzman et al. 2019, arXiv:1904.09751; `llama_sampler_init_top_p`): keeps the most probable
/// tokens until their probability reaches p.
final class TopP {
  private TopP() {}

  /// @param sorted weighed
  static void cut(Candidates sorted, double p) {
    if (p >= 1) {
      return;
    }
    double wanted = p * sorted.sum();
    double reached = 0;
    for (int i = 0; i < sorted.count(); i++) {
      reached += sorted.weight(i);
      if (reached >= wanted) {
        sorted.keepFirst(i + 1);
        return;
      }
    }
  }
}
