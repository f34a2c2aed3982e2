package dev.parley.worker.llama;

/// The size of a context.
///
/// @param slots sequences that can be in the cache at once, 1 to 256 (the library's own limit)
/// @param tokensPerSlot tokens that each sequence may hold; the library rounds it up to 256
/// @param batchTokens rows that one decode call may have
/// @param threads CPU threads of a decode call
public record ContextOptions(
    int slots, int tokensPerSlot, int batchTokens, int threads, KvType kvType) {

  /// `llama_max_parallel_sequences()` of the pinned build.
  static final int MAX_SLOTS = 256;

  public ContextOptions {
    require(slots >= 1 && slots <= MAX_SLOTS, "slots must be 1 to 256, not " + slots);
    require(tokensPerSlot >= 1, "tokens per slot must be positive, not " + tokensPerSlot);
    require(batchTokens >= slots, "a batch of " + batchTokens + " has no row for each of " + slots);
    require(threads >= 1, "threads must be positive, not " + threads);
    require(
        (long) slots * tokensPerSlot <= Integer.MAX_VALUE,
        slots + " slots of " + tokensPerSlot + " tokens are more than the library can count");
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
