package dev.parley.gateway.telegram;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Groups that became supergroups, which have another id. Thread-safe.
final class MovedChats {

  /// More than ever move between two starts; what is forgotten is learnt again from a refused call.
  private static final int MOST = 10_000;

  private final Map<Long, Long> moved = new ConcurrentHashMap<>();

  void move(long from, long to) {
    if (moved.size() < MOST) {
      moved.put(from, to);
    }
  }

  /// Where a chat is now.
  long now(long chat) {
    return moved.getOrDefault(chat, chat);
  }
}
