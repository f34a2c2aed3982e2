package dev.parley.gateway.telegram;

import java.util.ArrayList;
import java.util.Arrays;
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
    return all(chat).contains(Integer.toString(messageId));
  }

  void add(long chat, int messageId) {
    List<String> done = new ArrayList<>(all(chat));
    done.add(Integer.toString(messageId));
    store.set(
        name(chat), String.join(",", done.subList(Math.max(0, done.size() - MOST), done.size())));
  }

  private List<String> all(long chat) {
    return store.find(name(chat)).map(ids -> Arrays.asList(ids.split(",", -1))).orElse(List.of());
  }

  private static String name(long chat) {
    return "done:" + chat;
  }
}
