package dev.parley.gateway.telegram;

import java.util.ArrayList;
import java.util.List;

/// Commands that were done: Telegram may bring one again, and a second /undo takes another exchange back, a second
/// /new forgets what was said since. One that reaches two gateways in the same moment may still be done twice. Blocks;
/// thread-safe.
final class DoneCommands {

  /// Commands of a chat that are remembered: what comes again comes soon.
  private static final int MOST = 50;

  private final PreferenceStore store;

  DoneCommands(PreferenceStore store) {
    this.store = store;
  }

  /// Whether a chat's message was done.
  boolean has(long chat, int messageId) {
    return store.list(name(chat)).contains(Integer.toString(messageId));
  }

  void add(long chat, int messageId) {
    List<String> done = new ArrayList<>(store.list(name(chat)));
    String id = Integer.toString(messageId);
    if (done.contains(id)) {
      return;
    }
    done.add(id);
    store.setList(name(chat), done.subList(Math.max(0, done.size() - MOST), done.size()));
  }

  private static String name(long chat) {
    return "done:" + chat;
  }
}
