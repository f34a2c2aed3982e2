package dev.parley.shared.wire;

import java.util.List;

/// How an answer is drawn from the model.
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
    List<String> stop) {

  /// Most stop strings of one request.
  public static final int MAX_STOPS = 4;

  /// Longest stop string, in UTF-16 units.
  public static final int MAX_STOP_CHARS = 256;

  public Sampling {
    stop = List.copyOf(stop);
    require(maxTokens >= 1, "maxTokens must be at least 1");
    require(temperature >= 0 && temperature <= 2, "temperature must be from 0 to 2");
    require(topP > 0 && topP <= 1, "topP must be above 0 and at most 1");
    require(topK >= 0, "topK must not be negative");
    require(minP >= 0 && minP < 1, "minP must be at least 0 and below 1");
    require(stop.size() <= MAX_STOPS, "at most " + MAX_STOPS + " stop strings");
    for (String s : stop) {
      require(
          !s.isEmpty() && s.length() <= MAX_STOP_CHARS,
          "a stop string has 1 to " + MAX_STOP_CHARS + " characters");
    }
  }

  /// Greedy: the most probable token each time.
  public static Sampling greedy(int maxTokens) {
    return new Sampling(maxTokens, 0, 1, 0, 0, 0, List.of());
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
