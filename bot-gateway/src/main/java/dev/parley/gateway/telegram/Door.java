package dev.parley.gateway.telegram;

import org.telegram.telegrambots.meta.api.objects.User;

/// Lets in who may use the bot. Blocks; thread-safe.
final class Door {
  private final Guests guests;
  private final Bans bans;
  private final KnownChats chats;

  Door(Guests guests, Bans bans, KnownChats chats) {
    this.guests = guests;
    this.bans = bans;
    this.chats = chats;
  }

  /// Whether a user may use the bot in a chat, which is then known.
  boolean lets(User user, long chat) {
    String name = user.getUserName();
    boolean in =
        guests.mayUse(user.getId(), name, chat)
            && (guests.isAdmin(user.getId(), name) || !bans.has(user.getId(), name, chat));
    if (in) {
      chats.remember(chat);
    }
    return in;
  }
}
