package dev.parley.worker.model;

import java.util.Arrays;

/// Token ids without boxes, to which more come. Not thread-safe.
public final class TokenList implements TokenView {
  private static final int ROOM = 64;

  private int[] ids;
  private int size;

  /// @param first copied, with room for some more
  public TokenList(int[] first) {
    ids = Arrays.copyOf(first, first.length + ROOM);
    size = first.length;
  }

  public void add(int id) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, 2 * size);
    }
    ids[size++] = id;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int get(int index) {
    return ids[index];
  }

  /// A copy of the first tokens, all if there are fewer.
  public int[] first(int count) {
    return Arrays.copyOf(ids, Math.min(count, size));
  }
}
