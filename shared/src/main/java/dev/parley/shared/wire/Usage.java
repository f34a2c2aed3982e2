package dev.parley.shared.wire;

import java.util.Collection;

/// What a turn cost, in tokens of the model that answered.
///
/// @param cachedTokens of the prompt, those that the engine had not to compute; the turn record does not keep it
public record Usage(int promptTokens, int completionTokens, int cachedTokens) {

  /// Nothing was computed.
  public static final Usage NONE = new Usage(0, 0);

  public Usage(int promptTokens, int completionTokens) {
    this(promptTokens, completionTokens, 0);
  }

  /// What several answers to one prompt cost together: its tokens count once, as OpenAI counts them.
  public static Usage ofChoices(Collection<Usage> choices) {
    return new Usage(
        choices.stream().mapToInt(Usage::promptTokens).max().orElse(0),
        choices.stream().mapToInt(Usage::completionTokens).sum(),
        choices.stream().mapToInt(Usage::cachedTokens).min().orElse(0));
  }
}
