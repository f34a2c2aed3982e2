package dev.parley.shared.wire;

/// What a turn cost, in tokens of the model that answered.
///
/// @param cachedTokens of the prompt, those that the engine had not to compute; the turn record does not keep it
public record Usage(int promptTokens, int completionTokens, int cachedTokens) {

  /// Nothing was computed.
  public static final Usage NONE = new Usage(0, 0);

  public Usage(int promptTokens, int completionTokens) {
    this(promptTokens, completionTokens, 0);
  }
}
