package dev.parley.worker.model;

/// Excludes top choices (p-e-w, text-generation-webui #6335; `llama_sampler_init_xtc`): of the tokens that are at
/// least as probable as the threshold, only the least probable stays.
final class XtcCut {
  private XtcCut() {}

  /// @return the best logit that is left
  static float cut(Candidates candidates, double threshold) {
    candidates.sort();
    candidates.weigh(candidates.logit(0), 1);
    double least = threshold * candidates.sum();
    int probable = 0;
    while (probable < candidates.count() && candidates.weight(probable) >= least) {
      probable++;
    }
    candidates.dropFirst(Math.max(0, probable - 1));
    return candidates.logit(0);
  }
}
