package dev.parley.worker.model;

import java.util.List;

/// What the model thought of a token, before any control changed it.
///
/// @param logprob natural logarithm of its probability, at most 0; may be infinite
/// @param best the most probable tokens in its place, best first, themselves without `best`
public record TokenScore(int token, double logprob, List<TokenScore> best) {
  public TokenScore {
    best = List.copyOf(best);
  }
}
