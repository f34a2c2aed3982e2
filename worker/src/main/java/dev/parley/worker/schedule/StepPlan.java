package dev.parley.worker.schedule;

import java.util.List;

/// What one step does, in this order: caches go where they belong, one decode call over all rows, then a
/// decode call for each chunk.
///
/// @param caches moves between slots and host memory
/// @param rows one next token for each decoding sequence, in slots 0, 1, 2, ... without a hole
/// @param chunks pieces of prompts
public record StepPlan(List<CacheMove> caches, List<Row> rows, List<Chunk> chunks) {

  /// A sequence's cache goes somewhere else.
  public sealed interface CacheMove {
    String id();

    /// Into an empty slot.
    record ToSlot(String id, int fromSlot, int toSlot) implements CacheMove {}

    /// Into host memory.
    record Out(String id, int slot) implements CacheMove {}

    /// From host memory into an empty slot.
    record In(String id, int slot) implements CacheMove {}

    /// What was computed for another one, from host memory into an empty slot.
    ///
    /// @param tokens of the sequence's own
    record Reuse(String id, int slot, int tokens) implements CacheMove {}
  }

  /// Computes the next token of a decoding sequence.
  ///
  /// @param position of the row in the sequence: tokens that are cached before it
  public record Row(String id, int slot, int position) {}

  /// Computes a piece of a prompt.
  ///
  /// @param from position of its first token
  /// @param tokens how many
  /// @param last whether the prompt ends with it, so that its last row gives the answer's first token
  public record Chunk(String id, int slot, int from, int tokens, boolean last) {}

  public StepPlan {
    caches = List.copyOf(caches);
    rows = List.copyOf(rows);
    chunks = List.copyOf(chunks);
  }

  public boolean isEmpty() {
    return caches.isEmpty() && rows.isEmpty() && chunks.isEmpty();
  }

  /// Rows of all decode calls together.
  public int tokens() {
    return rows.size() + chunks.stream().mapToInt(Chunk::tokens).sum();
  }
}
