package dev.parley.doubles.telegram;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;

/// A stretch of a text that is shown differently, or that can be tapped.
///
/// @param offset in UTF-16 units
/// @param length in UTF-16 units
/// @param argument a link's URL, a code block's language, a mentioned user's id
public record Entity(Type type, int offset, int length, Optional<String> argument) {

  /// What an entity does; the groups decide what may stand inside what.
  public enum Type {
    MENTION("mention", Group.FOUND),
    HASHTAG("hashtag", Group.FOUND),
    BOT_COMMAND("bot_command", Group.FOUND),
    URL("url", Group.FOUND),
    EMAIL("email", Group.FOUND),
    CASHTAG("cashtag", Group.FOUND),
    PHONE_NUMBER("phone_number", Group.FOUND),
    BOLD("bold", Group.STYLE),
    ITALIC("italic", Group.STYLE),
    UNDERLINE("underline", Group.STYLE),
    STRIKETHROUGH("strikethrough", Group.STYLE),
    SPOILER("spoiler", Group.STYLE),
    BLOCKQUOTE("blockquote", Group.QUOTE),
    EXPANDABLE_BLOCKQUOTE("expandable_blockquote", Group.QUOTE),
    CODE("code", Group.VERBATIM),
    PRE("pre", Group.VERBATIM),
    TEXT_LINK("text_link", Group.LINK),
    TEXT_MENTION("text_mention", Group.LINK),
    CUSTOM_EMOJI("custom_emoji", Group.LINK);

    private final String wire;
    private final Group group;

    Type(String wire, Group group) {
      this.wire = wire;
      this.group = group;
    }

    String wire() {
      return wire;
    }

    Group group() {
      return group;
    }

    static Optional<Type> named(String wire) {
      return Arrays.stream(values()).filter(t -> t.wire.equals(wire)).findFirst();
    }
  }

  /// The families of entities.
  enum Group {
    /// Found by Telegram in the text; when a bot gives such an entity it is ignored.
    FOUND,
    STYLE,
    QUOTE,
    /// Nothing stands inside, and only a quote around it.
    VERBATIM,
    LINK
  }

  /// Outer entities before inner ones.
  static final Comparator<Entity> OUTER_FIRST =
      Comparator.comparingInt(Entity::offset)
          .thenComparing(Comparator.comparingInt(Entity::length).reversed());

  static Entity of(Type type, int offset, int length) {
    return new Entity(type, offset, length, Optional.empty());
  }

  /// The first position behind it.
  public int end() {
    return offset + length;
  }

  /// The part of the text that it covers.
  public String of(String text) {
    return text.substring(offset, end());
  }

  boolean is(Group group) {
    return type.group() == group;
  }

  boolean overlaps(Entity other) {
    return offset < other.end() && other.offset < end();
  }

  Entity at(int newOffset, int newLength) {
    return new Entity(type, newOffset, newLength, argument);
  }
}
