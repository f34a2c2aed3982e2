package dev.parley.worker.llama;

import java.util.Arrays;

/// The rows of one decode call: each is one token at one position of one slot's sequence.
///
/// Reused from call to call and not thread-safe: [#clear], then [#add] row by row. Every rule that the
/// library would check with an assertion (which ends the process) is checked here or in
/// [LlamaContext#decode].
public final class TokenBatch {
  private final int[] tokens;
  private final int[] positions;
  private final int[] slots;
  private final boolean[] outputs;
  private int size;

  public TokenBatch(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("a batch needs room for a row, not " + capacity);
    }
    tokens = new int[capacity];
    positions = new int[capacity];
    slots = new int[capacity];
    outputs = new boolean[capacity];
  }

  public void clear() {
    size = 0;
  }

  /// Adds a row.
  ///
  /// @param output whether the row's logits are wanted
  public void add(int slot, int position, int token, boolean output) {
    if (size == tokens.length) {
      throw new IllegalStateException("the batch is full at " + size + " rows");
    }
    slots[size] = slot;
    positions[size] = position;
    tokens[size] = token;
    outputs[size] = output;
    size++;
  }

  public int size() {
    return size;
  }

  public int token(int row) {
    return tokens[checked(row)];
  }

  public int position(int row) {
    return positions[checked(row)];
  }

  public int slot(int row) {
    return slots[checked(row)];
  }

  public boolean output(int row) {
    return outputs[checked(row)];
  }

  private int checked(int row) {
    if (row < 0 || row >= size) {
      throw new IndexOutOfBoundsException("row " + row + " of " + size);
    }
    return row;
  }

  @Override
  public String toString() {
    return "TokenBatch[slots=" + Arrays.toString(Arrays.copyOf(slots, size)) + "]";
  }
}
