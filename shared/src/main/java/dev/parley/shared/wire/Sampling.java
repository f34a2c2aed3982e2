package dev.parley.shared.wire;

import java.util.List;

/// How an answer is drawn from the model.
///
/// What is missing in JSON of an older build counts as `NONE`.
///
/// @param maxTokens upper bound of the answer's length, in tokens, at least 1
/// @param temperature 0 (greedy) to 2
/// @param topP nucleus: smallest set of tokens whose probability reaches it, (0, 1]
/// @param topK number of most probable tokens kept, 0 keeps all
/// @param minP tokens below this share of the most probable one are dropped, [0, 1)
/// @param seed of the draws; the same seed draws the same answer from the same model alone
/// @param stop strings that end the answer and are not part of it, at most [#MAX_STOPS]
public record Sampling(
    int maxTokens,
    double temperature,
    double topP,
    int topK,
    double minP,
    long seed,
    List<String> stop,
    Cuts cuts,
    TokenRules rules,
    Penalties penalties,
    Dry dry,
    Mirostat mirostat,
    Logprobs logprobs,
    ResponseFormat format) {

  /// Most stop strings of one request.
  public static final int MAX_STOPS = 4;

  /// Longest stop string, in UTF-16 units.
  public static final int MAX_STOP_CHARS = 256;

  public Sampling {
    stop = List.copyOf(stop);
    cuts = cuts == null ? Cuts.NONE : cuts;
    rules = rules == null ? TokenRules.NONE : rules;
    penalties = penalties == null ? Penalties.NONE : penalties;
    dry = dry == null ? Dry.NONE : dry;
    mirostat = mirostat == null ? Mirostat.NONE : mirostat;
    logprobs = logprobs == null ? Logprobs.NONE : logprobs;
    format = format == null ? ResponseFormat.TEXT : format;
    Require.that(maxTokens >= 1, "maxTokens must be at least 1");
    Require.that(temperature >= 0 && temperature <= 2, "temperature must be from 0 to 2");
    Require.that(topP > 0 && topP <= 1, "topP must be above 0 and at most 1");
    Require.that(topK >= 0, "topK must not be negative");
    Require.that(minP >= 0 && minP < 1, "minP must be at least 0 and below 1");
    Require.that(rules.minTokens() <= maxTokens, "minTokens must not be more than maxTokens");
    Require.that(stop.size() <= MAX_STOPS, "at most " + MAX_STOPS + " stop strings");
    for (String s : stop) {
      Require.that(
          !s.isEmpty() && s.length() <= MAX_STOP_CHARS,
          "a stop string has 1 to " + MAX_STOP_CHARS + " characters");
    }
  }

  /// The common controls, and none of the others.
  public Sampling(
      int maxTokens,
      double temperature,
      double topP,
      int topK,
      double minP,
      long seed,
      List<String> stop) {
    this(
        maxTokens,
        temperature,
        topP,
        topK,
        minP,
        seed,
        stop,
        Cuts.NONE,
        TokenRules.NONE,
        Penalties.NONE,
        Dry.NONE,
        Mirostat.NONE,
        Logprobs.NONE,
        ResponseFormat.TEXT);
  }

  /// Greedy: the most probable token each time.
  public static Sampling greedy(int maxTokens) {
    return new Sampling(maxTokens, 0, 1, 0, 0, 0, List.of());
  }

  /// A copy to be changed.
  public SamplingBuilder change() {
    return new SamplingBuilder(this);
  }

  public Sampling withSeed(long value) {
    return change().seed(value).build();
  }
}
