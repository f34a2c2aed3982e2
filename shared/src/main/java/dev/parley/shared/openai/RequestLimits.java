package dev.parley.shared.openai;

import dev.parley.shared.wire.Sampling;

/// What a request may ask for at most. Each limit is there to keep one request from taking the
/// memory or the time of all others.
///
/// @param maxBodyBytes bytes of the HTTP body
/// @param maxJsonDepth nested objects and arrays
/// @param maxMessages messages in one request
/// @param maxPromptCharacters UTF-16 units of all contents together
/// @param maxStopStrings stop strings in one request
/// @param maxStopCharacters UTF-16 units of one stop string
/// @param maxOutputTokens a request for more tokens than this is lowered to it
public record RequestLimits(
    int maxBodyBytes,
    int maxJsonDepth,
    int maxMessages,
    int maxPromptCharacters,
    int maxStopStrings,
    int maxStopCharacters,
    int maxOutputTokens) {

  public static final RequestLimits DEFAULTS =
      new RequestLimits(
          4 << 20, 32, 2_048, 1_000_000, Sampling.MAX_STOPS, Sampling.MAX_STOP_CHARS, 32_768);

  public RequestLimits {
    requirePositive("maxBodyBytes", maxBodyBytes);
    requirePositive("maxJsonDepth", maxJsonDepth);
    requirePositive("maxMessages", maxMessages);
    requirePositive("maxPromptCharacters", maxPromptCharacters);
    requirePositive("maxStopStrings", maxStopStrings);
    requirePositive("maxStopCharacters", maxStopCharacters);
    requirePositive("maxOutputTokens", maxOutputTokens);
    if (maxStopStrings > Sampling.MAX_STOPS || maxStopCharacters > Sampling.MAX_STOP_CHARS) {
      throw new IllegalArgumentException("workers take no more or longer stop strings");
    }
    if (maxBodyBytes < maxPromptCharacters) {
      throw new IllegalArgumentException(
          "maxBodyBytes (%d) must hold maxPromptCharacters (%d)"
              .formatted(maxBodyBytes, maxPromptCharacters));
    }
  }

  private static void requirePositive(String name, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive: " + value);
    }
  }
}
