package dev.parley.gateway.telegram;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Groups that became supergroups, which have another id: where a group is now, and which one a supergroup was, so
/// that its conversation goes on. The second is kept where chats' settings are, for other gateways and later starts.
/// Thread-safe.
final class MovedChats {

  /// Chats remembered; what is forgotten is looked up or learnt again.
  private static final int MOST = 10_000;

  /// Ids of supergroups are below this; no other chat was ever something else.
  private static final long SUPERGROUPS = -1_000_000_000_000L;

  private final PreferenceStore store;
  private final Map<Long, Long> moved = new ConcurrentHashMap<>();
  private final Map<Long, Long> origins = new ConcurrentHashMap<>();

  MovedChats(PreferenceStore store) {
    this.store = store;
  }

  /// A group has become a supergroup. Blocks.
  void remember(long from, long to) {
    move(from, to);
    store.set(name(to), Long.toString(origin(from)));
    put(origins, to, origin(from));
  }

  /// The same, for this process alone.
  void move(long from, long to) {
    put(moved, from, to);
  }

  /// Where a chat is now.
  long now(long chat) {
    return moved.getOrDefault(chat, chat);
  }

  /// What a chat was at first. Blocks where that is not known yet.
  long origin(long chat) {
    if (chat >= SUPERGROUPS) {
      return chat;
    }
    Long known = origins.get(chat);
    if (known == null) {
      known = store.find(name(chat)).map(Long::valueOf).orElse(chat);
      put(origins, chat, known);
    }
    return known;
  }

  private static String name(long chat) {
    return "was:" + chat;
  }

  private static void put(Map<Long, Long> chats, long from, long to) {
    if (chats.size() >= MOST) {
      chats.clear();
    }
    chats.put(from, to);
  }
}
