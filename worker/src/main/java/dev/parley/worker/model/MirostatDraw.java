package dev.parley.worker.model;

import dev.parley.shared.wire.Mirostat;

/// Mirostat (Basu et al. 2020, arXiv:2007.14966; `llama_sampler_init_mirostat`, `_v2`): cuts where the surprise
/// would exceed `mu`, draws, and moves `mu` against the error that the draw made. Version 1 estimates how many
/// tokens that keeps from the slope of the best hundred, as Zipf's law would have it; version 2 looks at each token.
final class MirostatDraw {
  /// Tokens whose slope is measured.
  private static final int SLOPE_TOKENS = 100;

  private static final double LN_2 = Math.log(2);

  private MirostatDraw() {}

  static int draw(Candidates candidates, float[] logits, SamplerState state, double uniform) {
    Mirostat mirostat = state.sampling().mirostat();
    double temperature = state.sampling().temperature();
    if (mirostat.version() == 1) {
      cutByRank(candidates, logits, state.mu(), temperature);
    } else {
      cutBySurprise(candidates, logits, state.mu(), temperature);
    }
    candidates.weigh(logits[Candidates.best(logits)], temperature);
    int drawn = candidates.draw(uniform);
    double surprise = -Math.log(candidates.weight(drawn) / candidates.sum()) / LN_2;
    state.mu(state.mu() - mirostat.eta() * (surprise - mirostat.tau()));
    return candidates.id(drawn);
  }

  private static void cutByRank(
      Candidates candidates, float[] logits, double mu, double temperature) {
    candidates.sortTop(logits, Math.min(SLOPE_TOKENS, logits.length));
    double slope = slope(candidates, temperature);
    double epsilon = slope - 1;
    double rank =
        Math.pow(epsilon * Math.pow(2, mu) / (1 - Math.pow(logits.length, -epsilon)), 1 / slope);
    // Not a number where there is no slope: the best alone.
    int kept = Math.clamp((long) rank, 1, logits.length);
    if (kept > candidates.count()) {
      candidates.sortTop(logits, kept);
    }
    candidates.keepFirst(kept);
  }

  /// Least squares of the log-probabilities' steps over those of the logarithm of the rank.
  private static double slope(Candidates sorted, double temperature) {
    double products = 0;
    double squares = 0;
    for (int i = 0; i + 1 < sorted.count(); i++) {
      double step = (sorted.logit(i) - sorted.logit(i + 1)) / temperature;
      if (step == Double.POSITIVE_INFINITY) {
        // Here begin the banned ones.
        break;
      }
      double rank = Math.log((i + 2.0) / (i + 1.0));
      products += rank * step;
      squares += rank * rank;
    }
    return products / squares;
  }

  private static void cutBySurprise(
      Candidates candidates, float[] logits, double mu, double temperature) {
    float max = logits[Candidates.best(logits)];
    double logMass = Math.log(Candidates.mass(logits, max, temperature));
    float floor = (float) (max + temperature * (logMass - mu * LN_2));
    if (floor > max) {
      candidates.sortTop(logits, 1);
    } else {
      candidates.collect(logits, max, floor);
    }
  }
}
