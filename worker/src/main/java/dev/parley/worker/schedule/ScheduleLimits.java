package dev.parley.worker.schedule;

/// The bounds of a schedule.
///
/// @param slots sequences that may be in the cache at once
/// @param contextTokens tokens that one slot holds
/// @param stepTokens rows that all decode calls of one step may have together
/// @param maxWaiting sequences held without a slot
/// @param interTokenTargetNanos what a decoding sequence shall wait between two of its tokens at most,
///     ns: prompts are computed in what is left of it, though never less than a chunk a step
/// @param swapTokens cached tokens of preempted sequences that host memory may hold; 0 for no preemption
public record ScheduleLimits(
    int slots,
    int contextTokens,
    int stepTokens,
    int maxWaiting,
    long interTokenTargetNanos,
    long swapTokens) {

  /// Prompt chunks are multiples of this many rows (but for a prompt's last): the tiled attention
  /// kernel of the CPU needs that many, and a chunk one row smaller costs half as much again.
  public static final int CHUNK_TOKENS = 64;

  public ScheduleLimits {
    require(slots >= 1, "slots must be positive, not " + slots);
    require(contextTokens >= 2, "a context of " + contextTokens + " tokens holds no answer");
    require(
        stepTokens >= slots + CHUNK_TOKENS,
        "a step of " + stepTokens + " tokens is less than " + slots + " slots and a chunk");
    require(maxWaiting >= 0, "waiting sequences cannot be " + maxWaiting);
    require(interTokenTargetNanos > 0, "the inter-token target must be positive");
    require(swapTokens >= 0, "swapped tokens cannot be " + swapTokens);
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
