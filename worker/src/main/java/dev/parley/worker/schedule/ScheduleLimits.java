package dev.parley.worker.schedule;

/// The bounds of a schedule.
///
/// @param slots sequences that may be in the cache at once
/// @param contextTokens tokens that one slot holds
/// @param stepTokens rows that all decode calls of one step may have together
/// @param busyPrefillTokens of them, prompt rows while another sequence is decoding: what it waits for
///     between two of its tokens
/// @param maxWaiting sequences held without a slot
public record ScheduleLimits(
    int slots, int contextTokens, int stepTokens, int busyPrefillTokens, int maxWaiting) {

  /// Prompt chunks are multiples of this many rows (but for a prompt's last): the tiled attention
  /// kernel of the CPU needs that many, and a chunk one row smaller costs half as much again.
  public static final int CHUNK_TOKENS = 64;

  public ScheduleLimits {
    require(slots >= 1, "slots must be positive, not " + slots);
    require(contextTokens >= 2, "a context of " + contextTokens + " tokens holds no answer");
    require(
        busyPrefillTokens >= CHUNK_TOKENS && busyPrefillTokens % CHUNK_TOKENS == 0,
        "busy prefill tokens must be a multiple of " + CHUNK_TOKENS + ", not " + busyPrefillTokens);
    require(
        stepTokens >= slots + busyPrefillTokens,
        "a step of " + stepTokens + " tokens is less than " + slots + " slots and a busy chunk");
    require(maxWaiting >= 0, "waiting sequences cannot be " + maxWaiting);
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
