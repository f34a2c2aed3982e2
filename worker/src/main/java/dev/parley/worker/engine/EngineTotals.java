package dev.parley.worker.engine;

import dev.parley.worker.prefix.PrefixFileTotals;
import java.util.Map;

/// What an engine has done since it started.
///
/// @param promptTokens of all requests taken
/// @param reusedTokens of these, the ones whose cache was there already
/// @param preemptions answers that had to make way for a while
/// @param misses prompts that were computed from their first token on, by reason
/// @param files computed beginnings in files
public record EngineTotals(
    long promptTokens,
    long reusedTokens,
    long preemptions,
    Map<PrefixMiss, Long> misses,
    PrefixFileTotals files) {
  public static final EngineTotals NONE = new EngineTotals(0, 0, 0);

  public EngineTotals {
    misses = Map.copyOf(misses);
  }

  /// The same, with files that others read and write meanwhile.
  EngineTotals with(PrefixFileTotals others) {
    return new EngineTotals(promptTokens, reusedTokens, preemptions, misses, others);
  }

  /// Of an engine that does not know why.
  public EngineTotals(long promptTokens, long reusedTokens, long preemptions) {
    this(promptTokens, reusedTokens, preemptions, Map.of(), PrefixFileTotals.NONE);
  }
}
