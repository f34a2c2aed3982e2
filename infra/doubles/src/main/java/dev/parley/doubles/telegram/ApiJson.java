package dev.parley.doubles.telegram;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// The platform's things as the Bot API shows them.
final class ApiJson {
  static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  static final ObjectMapper MAPPER = JsonMapper.builder().build();

  private final World world;

  ApiJson(World world) {
    this.world = world;
  }

  static long seconds(long ms) {
    return Math.floorDiv(ms, 1_000L);
  }

  static ObjectNode user(User user) {
    ObjectNode json = NODES.objectNode();
    json.put("id", user.id());
    json.put("is_bot", user.bot());
    json.put("first_name", user.firstName());
    user.username().ifPresent(name -> json.put("username", name));
    user.language().ifPresent(tag -> json.put("language_code", tag));
    return json;
  }

  static ObjectNode chat(Chat chat) {
    ObjectNode json = NODES.objectNode();
    json.put("id", chat.id());
    json.put("type", chat.type().wire());
    if (chat.type() != Chat.Type.PRIVATE) {
      json.put("title", chat.title());
    }
    if (chat.forum()) {
      json.put("is_forum", true);
    }
    chat.partner()
        .ifPresent(partner -> {
          json.put("first_name", partner.firstName());
          partner.username().ifPresent(name -> json.put("username", name));
        });
    return json;
  }

  /// A message with the one it answers, but not with what that one answered.
  ObjectNode message(Message message) {
    ObjectNode json = alone(message);
    message
        .replyTo()
        .ifPresent(id ->
            world
                .require(message.chat())
                .message(id)
                .ifPresent(replied -> json.set("reply_to_message", alone(replied))));
    return json;
  }

  private ObjectNode alone(Message message) {
    ObjectNode json = NODES.objectNode();
    json.put("message_id", message.id());
    message
        .topic()
        .ifPresent(topic -> {
          json.put("message_thread_id", topic);
          json.put("is_topic_message", true);
        });
    json.set("from", user(message.from()));
    json.set("chat", chat(message.chat()));
    json.put("date", seconds(message.sentAtMs()));
    if (message.edited()) {
      json.put("edit_date", seconds(message.latest().atMs()));
    }
    message
        .quote()
        .ifPresent(quote -> {
          ObjectNode quoted = json.putObject("quote");
          quoted.put("text", quote);
          quoted.put("position", 0);
        });
    content(json, message);
    if (!message.latest().buttons().isEmpty()) {
      json.set("reply_markup", keyboard(message.latest().buttons()));
    }
    return json;
  }

  private void content(ObjectNode json, Message message) {
    message.service().ifPresent(service -> service(json, service));
    message.attachment().ifPresent(file -> attachment(json, file));
    if (message.text().isEmpty()) {
      return;
    }
    String prefix = message.attachment().isPresent() ? "caption" : "text";
    json.put(prefix, message.text());
    if (!message.entities().isEmpty()) {
      json.set(
          message.attachment().isPresent() ? "caption_entities" : "entities",
          entities(message.entities()));
    }
    if (!message.latest().linkPreview()) {
      json.putObject("link_preview_options").put("is_disabled", true);
    }
  }

  private static void service(ObjectNode json, Message.Service service) {
    switch (service) {
      case Message.Service.Joined joined ->
          json.putArray("new_chat_members").add(user(joined.user()));
      case Message.Service.MigratedTo to -> json.put("migrate_to_chat_id", to.chatId());
      case Message.Service.MigratedFrom from -> json.put("migrate_from_chat_id", from.chatId());
      case Message.Service.TopicCreated topic -> {
        ObjectNode created = json.putObject("forum_topic_created");
        created.put("name", topic.name());
        created.put("icon_color", 7322096);
      }
    }
  }

  private static void attachment(ObjectNode json, Attachment file) {
    ObjectNode body = NODES.objectNode();
    body.put("file_id", file.fileId());
    body.put("file_unique_id", uniqueId(file));
    body.put("file_size", file.size());
    switch (file.kind()) {
      case DOCUMENT -> {
        body.put("file_name", file.name());
        body.put("mime_type", file.mime());
      }
      case VOICE -> {
        body.put("duration", 3);
        body.put("mime_type", file.mime());
      }
      case STICKER -> {
        body.put("type", "regular");
        body.put("width", 512);
        body.put("height", 512);
        body.put("is_animated", false);
        body.put("is_video", false);
      }
      case PHOTO -> {
        body.put("width", 640);
        body.put("height", 480);
      }
    }
    if (file.kind() == Attachment.Kind.PHOTO) {
      json.putArray("photo").add(body);
    } else {
      json.set(file.kind().wire(), body);
    }
  }

  static String uniqueId(Attachment file) {
    return "AgAD" + Integer.toHexString(file.fileId().hashCode());
  }

  private ArrayNode entities(List<Entity> entities) {
    ArrayNode array = NODES.arrayNode();
    for (Entity entity : entities) {
      ObjectNode json = array.addObject();
      json.put("type", entity.type().wire());
      json.put("offset", entity.offset());
      json.put("length", entity.length());
      entity.argument().ifPresent(value -> argument(json, entity.type(), value));
    }
    return array;
  }

  private void argument(ObjectNode json, Entity.Type type, String value) {
    switch (type.group()) {
      case VERBATIM -> json.put("language", value);
      case LINK -> {
        if (type == Entity.Type.TEXT_LINK) {
          json.put("url", value);
        } else if (type == Entity.Type.CUSTOM_EMOJI) {
          json.put("custom_emoji_id", value);
        } else {
          world.user(Long.parseLong(value)).ifPresent(user -> json.set("user", user(user)));
        }
      }
      case FOUND, STYLE, QUOTE -> {}
    }
  }

  private static ObjectNode keyboard(List<List<Button>> rows) {
    ObjectNode json = NODES.objectNode();
    ArrayNode keyboard = json.putArray("inline_keyboard");
    for (List<Button> row : rows) {
      ArrayNode buttons = keyboard.addArray();
      for (Button button : row) {
        ObjectNode node = buttons.addObject();
        node.put("text", button.text());
        button.data().ifPresent(data -> node.put("callback_data", data));
        button.url().ifPresent(url -> node.put("url", url));
      }
    }
    return json;
  }
}
