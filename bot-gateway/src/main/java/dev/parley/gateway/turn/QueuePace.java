package dev.parley.gateway.turn;

import java.util.ArrayDeque;
import java.util.Deque;

/// How fast the workers begin answers of this gateway, from the last ones that they began. Pure; not thread-safe.
final class QueuePace {

  /// Starts that count.
  private static final int MOST_STARTS = 16;

  /// Starts older than this say nothing about now, ms.
  private static final long WINDOW_MS = 60_000;

  private final Deque<Long> starts = new ArrayDeque<>();

  /// An answer began.
  void started(long nowMs) {
    starts.addLast(nowMs);
    if (starts.size() > MOST_STARTS) {
      starts.removeFirst();
    }
  }

  /// How long somebody with so many before him will wait, whole seconds, at least 1; 0 when nobody can tell.
  int waitS(int before, long nowMs) {
    while (!starts.isEmpty() && starts.getFirst() < nowMs - WINDOW_MS) {
      starts.removeFirst();
    }
    if (starts.size() < 2) {
      return 0;
    }
    // Up to now: while nothing begins, the wait grows.
    long eachMs = (nowMs - starts.getFirst()) / starts.size();
    return Math.clamp(Math.ceilDiv((before + 1) * eachMs, 1_000L), 1, Integer.MAX_VALUE);
  }
}
