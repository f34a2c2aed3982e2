package dev.parley.worker.schedule;

import java.util.List;

/// What one step does, in this order: moves, one decode call over all rows, then a decode call for each
/// chunk.
///
/// @param moves caches to move between slots
/// @param rows one next token for each decoding sequence, in slots 0, 1, 2, ... without a hole
/// @param chunks pieces of prompts
public record StepPlan(List<Move> moves, List<Row> rows, List<Chunk> chunks) {

  /// Moves a sequence's cache into an empty slot.
  public record Move(String id, int fromSlot, int toSlot) {}

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
    moves = List.copyOf(moves);
    rows = List.copyOf(rows);
    chunks = List.copyOf(chunks);
  }

  public boolean isEmpty() {
    return moves.isEmpty() && rows.isEmpty() && chunks.isEmpty();
  }

  /// Rows of all decode calls together.
  public int tokens() {
    return rows.size() + chunks.stream().mapToInt(Chunk::tokens).sum();
  }
}
