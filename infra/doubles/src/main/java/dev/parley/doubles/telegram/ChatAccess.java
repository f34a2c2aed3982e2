package dev.parley.doubles.telegram;

import java.util.Optional;
import java.util.OptionalInt;

/// Finds the chat, the topic and the message that a call is about, and refuses what the bot may not touch.
final class ChatAccess {
  private static final int GENERAL_TOPIC = 1;
  private static final int MAX_QUOTE = 1024;

  /// What a message answers.
  record ReplyTo(OptionalInt message, Optional<String> quote) {
    static final ReplyTo NOTHING = new ReplyTo(OptionalInt.empty(), Optional.empty());
  }

  private final World world;

  ChatAccess(World world) {
    this.world = world;
  }

  /// The chat of `chat_id`, whatever the bot is in it.
  ChatState known(Args args) {
    if (!args.has("chat_id")) {
      throw ApiException.badRequest("chat_id is empty");
    }
    return world
        .chat(args.number("chat_id", 0))
        .orElseThrow(() -> ApiException.badRequest("chat not found"));
  }

  /// The chat of `chat_id`, in which the bot may speak.
  ChatState writable(Args args) {
    ChatState chat = known(args);
    if (chat.migratedTo().isPresent()) {
      throw ApiException.migrated(chat.migratedTo().getAsLong());
    }
    if (chat.isPrivate() && world.isDeleted(chat.chat().id())) {
      throw ApiException.forbidden("user is deactivated");
    }
    String kind = chat.chat().type().wire() + " chat";
    switch (chat.bot()) {
      case STRANGER -> throw ApiException.forbidden("bot can't initiate conversation with a user");
      case LEFT -> throw ApiException.forbidden("bot is not a member of the " + kind);
      case KICKED ->
          throw ApiException.forbidden(
              chat.isPrivate() ? "bot was blocked by the user" : "bot was kicked from the " + kind);
      case MEMBER, ADMINISTRATOR -> {}
    }
    return chat;
  }

  /// The topic of `message_thread_id`; groups without topics have none, whatever the bot says.
  static OptionalInt topic(ChatState chat, Args args) {
    int id = args.id("message_thread_id");
    if (id == 0 || !(chat.chat().forum() || chat.isPrivate())) {
      return OptionalInt.empty();
    }
    if (id == GENERAL_TOPIC || !chat.hasTopic(id)) {
      throw ApiException.badRequest("message thread not found");
    }
    return OptionalInt.of(id);
  }

  /// The message of `reply_parameters`, or of the older `reply_to_message_id`.
  static ReplyTo replyTo(ChatState chat, OptionalInt topic, Args args) {
    Args reply = replyArgs(args);
    int id = reply.id("message_id");
    if (id == 0) {
      return ReplyTo.NOTHING;
    }
    boolean elsewhere = reply.has("chat_id") && reply.number("chat_id", 0) != chat.chat().id();
    Optional<Message> message =
        elsewhere
            ? Optional.empty()
            : chat.message(id).filter(m -> topic.isEmpty() || m.topic().equals(topic));
    if (message.isEmpty()) {
      if (reply.flag("allow_sending_without_reply")) {
        return ReplyTo.NOTHING;
      }
      throw ApiException.badRequest("message to be replied not found");
    }
    return new ReplyTo(OptionalInt.of(id), quote(message.get(), reply.text("quote")));
  }

  private static Args replyArgs(Args args) {
    return args.json("reply_parameters", "reply parameters")
        .map(node -> {
          if (!node.isObject()) {
            throw ApiException.badRequest("object expected as reply parameters");
          }
          return Args.of(node);
        })
        .orElseGet(() ->
            Args.of(
                ApiJson.NODES
                    .objectNode()
                    .put("message_id", args.text("reply_to_message_id"))
                    .put("allow_sending_without_reply", args.text("allow_sending_without_reply"))));
  }

  private static Optional<String> quote(Message replied, String quote) {
    if (quote.isEmpty()) {
      return Optional.empty();
    }
    if (quote.length() > MAX_QUOTE || !replied.text().contains(quote)) {
      throw ApiException.badRequest("QUOTE_TEXT_INVALID");
    }
    return Optional.of(quote);
  }
}
