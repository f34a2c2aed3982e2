package dev.parley.shared.wire;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// What holds for single tokens, whatever the model thinks of them.
///
/// @param logitBias added to the logits of these tokens, -100 to 100, at most [#MAX_BIASES]
/// @param minTokens tokens before which the model may not end its answer (a stop string still does)
/// @param noRepeatNgramSize no sequence of this many tokens comes twice in prompt and answer, 0: any may
public record TokenRules(Map<Integer, Double> logitBias, int minTokens, int noRepeatNgramSize) {
  public static final int MAX_BIASES = 300;
  public static final double MAX_BIAS = 100;
  public static final int MAX_NGRAM = 100;

  public static final TokenRules NONE = new TokenRules(Map.of(), 0, 0);

  public TokenRules {
    // Sorted, so that equal rules are equal JSON in every process.
    logitBias = Collections.unmodifiableMap(new TreeMap<>(logitBias));
    Require.that(logitBias.size() <= MAX_BIASES, "at most " + MAX_BIASES + " logit biases");
    logitBias.forEach((token, bias) -> {
      Require.that(token >= 0, "a logit bias is for a token id, not for " + token);
      Require.within("a logit bias", bias, -MAX_BIAS, MAX_BIAS);
    });
    Require.that(minTokens >= 0, "minTokens must not be negative");
    Require.within("noRepeatNgramSize", noRepeatNgramSize, 0, MAX_NGRAM);
  }

  /// Whether they may change anything.
  public boolean active() {
    return !logitBias.isEmpty() || minTokens > 0 || noRepeatNgramSize > 0;
  }
}
