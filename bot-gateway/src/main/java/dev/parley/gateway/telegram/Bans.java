package dev.parley.gateway.telegram;

import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Users and chats that an admin has shut out, by their ids or `@names`; kept where chats' settings are, for all
/// gateways. Two admins who ban in the same moment may lose one of the two. Blocks; thread-safe.
final class Bans {
  private static final String NAME = "banned";

  /// More are for `TELEGRAM_DENY` or a list of those who may.
  static final int MOST = 1_000;

  private final PreferenceStore store;

  Bans(PreferenceStore store) {
    this.store = store;
  }

  /// In order.
  List<String> all() {
    return store.list(NAME);
  }

  /// @param username without the `@`, if there is one
  boolean has(long user, @Nullable String username, long chat) {
    List<String> banned = all();
    return !banned.isEmpty()
        && Guests.names(user, username, chat).stream().anyMatch(banned::contains);
  }

  /// @param who id or `@name`
  /// @return false when there are too many
  boolean add(String who) {
    TreeSet<String> banned = new TreeSet<>(all());
    banned.add(who.toLowerCase(Locale.ROOT));
    if (banned.size() > MOST) {
      return false;
    }
    store.setList(NAME, banned);
    return true;
  }

  /// @param who id or `@name`
  /// @return whether it was banned
  boolean remove(String who) {
    TreeSet<String> banned = new TreeSet<>(all());
    boolean was = banned.remove(who.toLowerCase(Locale.ROOT));
    if (was) {
      store.setList(NAME, banned);
    }
    return was;
  }
}
