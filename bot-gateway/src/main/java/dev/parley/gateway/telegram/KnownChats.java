package dev.parley.gateway.telegram;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Chats in which somebody has written to the bot within a year: those that an announcement goes to. Blocks;
/// thread-safe.
final class KnownChats {
  private static final String NAME = "chats";

  /// Chats that this process need not write down again; it does now and then.
  private static final int MOST = 10_000;

  private final PreferenceStore store;
  private final Set<Long> written = ConcurrentHashMap.newKeySet();

  KnownChats(PreferenceStore store) {
    this.store = store;
  }

  void remember(long chat) {
    if (written.contains(chat)) {
      return;
    }
    store.add(NAME, Long.toString(chat));
    if (written.size() >= MOST) {
      written.clear();
    }
    written.add(chat);
  }

  List<Long> all() {
    return store.all(NAME).stream().map(Long::valueOf).toList();
  }
}
