package dev.parley.worker.engine;

/// What an engine has done since it started.
///
/// @param promptTokens of all requests taken
/// @param reusedTokens of these, the ones whose cache was there already
/// @param preemptions answers that had to make way for a while
public record EngineTotals(long promptTokens, long reusedTokens, long preemptions) {
  public static final EngineTotals NONE = new EngineTotals(0, 0, 0);
}
