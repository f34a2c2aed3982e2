package dev.parley.doubles.telegram;

import java.util.Optional;

/// A conversation as it is addressed; what was said in it is a [Transcript].
///
/// @param id the partner's id in a private chat, negative otherwise, as Telegram has it
/// @param title empty in a private chat
/// @param forum whether a supergroup has topics
/// @param partner who talks with the bot in a private chat
public record Chat(long id, Type type, String title, boolean forum, Optional<User> partner) {

  /// The kinds of chat a bot of this double can be in.
  public enum Type {
    PRIVATE("private"),
    GROUP("group"),
    SUPERGROUP("supergroup");

    private final String wire;

    Type(String wire) {
      this.wire = wire;
    }

    String wire() {
      return wire;
    }
  }

  /// What a list of chats shows.
  public String name() {
    return partner.map(User::firstName).orElse(title);
  }
}
