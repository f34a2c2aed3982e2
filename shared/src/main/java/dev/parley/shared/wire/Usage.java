package dev.parley.shared.wire;

/// What a turn cost, in tokens of the model that answered.
public record Usage(int promptTokens, int completionTokens) {

  /// Nothing was computed.
  public static final Usage NONE = new Usage(0, 0);
}
