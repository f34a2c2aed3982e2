package dev.parley.gateway.telegram;

import org.telegram.telegrambots.meta.api.objects.User;

/// Lets in who may use the bot. Blocks; thread-safe.
final class Door {
  private final Guests guests;
  private final Bans bans;

  Door(Guests guests, Bans bans) {
    this.guests = guests;
    this.bans = bans;
  }

  /// Whether a user may use the bot in a chat.
  boolean lets(User user, long chat) {
    String name = user.getUserName();
    return guests.mayUse(user.getId(), name, chat)
        && (guests.isAdmin(user.getId(), name) || !bans.has(user.getId(), name, chat));
  }
}
