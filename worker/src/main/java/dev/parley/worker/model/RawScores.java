package dev.parley.worker.model;

import java.util.ArrayList;
import java.util.List;

/// Probabilities as the model gives them, before any control: `logprobs` and `top_logprobs` of OpenAI's API. Reused
/// and not thread-safe.
final class RawScores {
  private final Candidates top = new Candidates();
  private final List<TokenScore> best = new ArrayList<>();
  private double logMass;

  /// Looks at a row that nothing has changed yet.
  ///
  /// @param count of the most probable tokens to remember
  void look(float[] logits, int count) {
    float max = logits[Candidates.best(logits)];
    logMass = max + Math.log(Candidates.mass(logits, max, 1));
    best.clear();
    if (count > 0) {
      top.sortTop(logits, Math.min(count, logits.length));
      for (int i = 0; i < top.count(); i++) {
        best.add(new TokenScore(top.id(i), top.logit(i) - logMass, List.of()));
      }
    }
  }

  /// @param logit the token's in the row that was looked at
  TokenScore of(int token, float logit) {
    return new TokenScore(token, logit - logMass, best);
  }
}
