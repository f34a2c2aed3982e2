package dev.parley.doubles.telegram;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Optional;

/// What people do to messages, and what the bot is told of it. Told the time; not thread-safe.
final class UserMessages {
  private final World world;
  private final Updates updates;
  private final ApiJson json;

  UserMessages(TelegramServer server) {
    world = server.world();
    updates = server.updates();
    json = server.json();
  }

  /// Somebody says something; in a private chat that begins the conversation.
  Message said(ChatState chat, NewMessage message, long now) {
    if (chat.migratedTo().isPresent()) {
      throw new IllegalArgumentException("the group lives on as " + chat.migratedTo());
    }
    if (chat.isPrivate() && chat.bot() == ChatState.Standing.STRANGER) {
      chat.bot(ChatState.Standing.MEMBER);
    }
    Message added = world.add(chat, message, now);
    tell(Update.Kind.MESSAGE, chat, added);
    return added;
  }

  Message edited(ChatState chat, Message message, FormattedText text, long now) {
    Version latest = message.latest();
    Message changed =
        chat.put(
            message.changed(
                new Version(
                    now, text.text(), text.entities(), latest.buttons(), latest.linkPreview())));
    tell(Update.Kind.EDITED_MESSAGE, chat, changed);
    return changed;
  }

  Press pressed(ChatState chat, User user, Message message, Button button, long now) {
    Press press = world.press(chat, user, message, button, now);
    ObjectNode body = ApiJson.NODES.objectNode();
    body.put("id", press.queryId());
    body.set("from", ApiJson.user(user));
    body.set("message", json.message(message));
    body.put("chat_instance", Long.toString(chat.chat().id() * 31 + 7));
    body.put("data", button.data().orElse(""));
    updates.add(Update.Kind.CALLBACK_QUERY, chat.chat().id(), body);
    return press;
  }

  Draft stopped(ChatState chat, Draft draft, long now) {
    Draft ended = draft.ended(now);
    chat.put(ended);
    ObjectNode body = ApiJson.NODES.objectNode();
    body.set("chat", ApiJson.chat(chat.chat()));
    draft.topic().ifPresent(topic -> body.put("message_thread_id", topic));
    body.put("draft_id", draft.id());
    updates.add(Update.Kind.STOPPED_MESSAGE_GENERATION, chat.chat().id(), body);
    return ended;
  }

  private void tell(Update.Kind kind, ChatState chat, Message message) {
    if (mayHear(chat, message)) {
      updates.add(kind, chat.chat().id(), json.message(message));
    }
  }

  /// Whether the bot gets this message: in groups with privacy on only commands, mentions, replies to it, and what
  /// Telegram itself says.
  private boolean mayHear(ChatState chat, Message message) {
    return switch (chat.bot()) {
      case STRANGER, LEFT, KICKED -> false;
      case ADMINISTRATOR -> true;
      case MEMBER ->
          chat.isPrivate()
              || !world.privacy()
              || message.service().isPresent()
              || isForBot(chat, message);
    };
  }

  private boolean isForBot(ChatState chat, Message message) {
    boolean reply =
        message.replyTo().isPresent()
            && chat.message(message.replyTo().getAsInt()).filter(Message::fromBot).isPresent();
    return reply || message.entities().stream().anyMatch(e -> names(e, message.text()));
  }

  private boolean names(Entity entity, String text) {
    String covered = entity.of(text).toLowerCase(Locale.ROOT);
    String name = "@" + botName();
    if (entity.type() == Entity.Type.TEXT_MENTION) {
      return entity.argument().equals(Optional.of(Long.toString(world.bot().id())));
    }
    if (entity.type() == Entity.Type.BOT_COMMAND) {
      return entity.offset() == 0 && (!covered.contains("@") || covered.endsWith(name));
    }
    return entity.type() == Entity.Type.MENTION && covered.equals(name);
  }

  private String botName() {
    return world.bot().username().orElse("").toLowerCase(Locale.ROOT);
  }
}
