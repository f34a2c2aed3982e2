package dev.parley.worker.model;

import java.util.Arrays;

/// The best few of many keys, the smallest being the best: a heap of a fixed size with its worst key on top, so that
/// all but a few hundred of a vocabulary's tokens cost one comparison. Reused and not thread-safe.
final class TopTokens {
  private long[] heap = new long[64];
  private int limit;
  private int size;

  /// Begins anew.
  ///
  /// @param most keys to keep, at least 1
  void clear(int most) {
    limit = most;
    size = 0;
  }

  /// Whether as many are kept as may be: a further one must be better than the worst.
  boolean full() {
    return size == limit;
  }

  /// The worst key that is kept.
  long worst() {
    return heap[0];
  }

  /// Keeps a key, in the place of the worst when it is full.
  void add(long key) {
    if (full()) {
      down(key);
      return;
    }
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, 2 * size);
    }
    up(size++, key);
  }

  private void up(int from, long key) {
    int at = from;
    while (at > 0 && heap[(at - 1) / 2] < key) {
      heap[at] = heap[(at - 1) / 2];
      at = (at - 1) / 2;
    }
    heap[at] = key;
  }

  /// Puts a key in the place of the worst.
  private void down(long key) {
    int at = 0;
    for (int child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && heap[child + 1] > heap[child]) {
        child++;
      }
      if (heap[child] <= key) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = key;
  }

  /// Copies the kept keys, best first.
  ///
  /// @param into at least as long as the keys to keep
  /// @return how many there are
  int sortInto(long[] into) {
    System.arraycopy(heap, 0, into, 0, size);
    Arrays.sort(into, 0, size);
    return size;
  }
}
