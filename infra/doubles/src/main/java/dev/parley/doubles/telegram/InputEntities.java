package dev.parley.doubles.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the entities that a bot gives and says where they are wrong.
///
/// Telegram's server refuses entities that lie outside the text or cut a surrogate pair, and mends others without a
/// word: it splits what overlaps and drops bold around code. A mend is a look that nobody meant, so it is an error here
/// (`ENTITY_BOUNDS_INVALID`).
final class InputEntities {
  private static final String WRONG = "ENTITY_BOUNDS_INVALID";

  private InputEntities() {}

  /// The entities of an argument, without those that only Telegram itself makes.
  ///
  /// @param text as the bot sent it
  static List<Entity> read(Args args, String name, String text) {
    if (args.has("parse_mode") && !args.text("parse_mode").equalsIgnoreCase("none")) {
      // This double reads no markup: a bot under test says what it means.
      throw ApiException.badRequest("unsupported parse_mode");
    }
    JsonNode given = args.json(name, "entities").orElse(ApiJson.NODES.arrayNode());
    List<Entity> entities = new ArrayList<>();
    for (JsonNode node : given) {
      Entity entity = entity(node);
      if (!entity.is(Entity.Group.FOUND)) {
        checkBounds(entity, text);
        entities.add(entity);
      }
    }
    entities.sort(Entity.OUTER_FIRST);
    checkNesting(entities);
    return entities;
  }

  private static Entity entity(JsonNode node) {
    if (!node.isObject()) {
      throw wrong("expected an Object");
    }
    Entity.Type type =
        Entity.Type.named(node.path("type").asText())
            .orElseThrow(() -> wrong("unsupported type specified"));
    Optional<String> argument =
        switch (type) {
          case PRE -> Optional.of(node.path("language").asText("")).filter(l -> !l.isEmpty());
          case TEXT_LINK -> Optional.of(required(node.path("url"), "url"));
          case TEXT_MENTION -> Optional.of(required(node.path("user").path("id"), "user"));
          case CUSTOM_EMOJI ->
              Optional.of(required(node.path("custom_emoji_id"), "custom_emoji_id"));
          case MENTION,
              HASHTAG,
              CASHTAG,
              PHONE_NUMBER,
              BOT_COMMAND,
              URL,
              EMAIL,
              BOLD,
              ITALIC,
              UNDERLINE,
              STRIKETHROUGH,
              SPOILER,
              BLOCKQUOTE,
              EXPANDABLE_BLOCKQUOTE,
              CODE ->
              Optional.empty();
        };
    return new Entity(type, integer(node, "offset"), integer(node, "length"), argument);
  }

  private static int integer(JsonNode node, String name) {
    if (!node.path(name).isInt()) {
      throw wrong("field \"" + name + "\" must be a Number");
    }
    return node.path(name).intValue();
  }

  private static String required(JsonNode field, String name) {
    if (!field.isNumber() && !field.isTextual()) {
      throw wrong("can't find field \"" + name + '"');
    }
    return field.asText();
  }

  private static ApiException wrong(String reason) {
    return ApiException.badRequest("can't parse MessageEntity: " + reason);
  }

  private static void checkBounds(Entity entity, String text) {
    if (entity.offset() < 0) {
      throw ApiException.badRequest("receive an entity with incorrect offset " + entity.offset());
    }
    if (entity.length() <= 0) {
      throw ApiException.badRequest(WRONG);
    }
    if (entity.offset() >= text.length()) {
      throw ApiException.badRequest(
          "entity begins after the end of the text at UTF-16 offset " + entity.offset());
    }
    if (entity.end() > text.length()) {
      throw ApiException.badRequest(
          "entity beginning at UTF-16 offset "
              + entity.offset()
              + " ends after the end of the text at UTF-16 offset "
              + entity.end());
    }
    if (cutsPair(text, entity.offset())) {
      throw ApiException.badRequest("entity begins in a middle of a UTF-16 symbol");
    }
    if (cutsPair(text, entity.end())) {
      throw ApiException.badRequest(
          "entity beginning at UTF-16 offset "
              + entity.offset()
              + " ends in a middle of a UTF-16 symbol");
    }
  }

  private static boolean cutsPair(String text, int at) {
    return at > 0
        && at < text.length()
        && Character.isLowSurrogate(text.charAt(at))
        && Character.isHighSurrogate(text.charAt(at - 1));
  }

  private static void checkNesting(List<Entity> sorted) {
    for (int i = 0; i < sorted.size(); i++) {
      Entity outer = sorted.get(i);
      for (int j = i + 1; j < sorted.size() && sorted.get(j).offset() < outer.end(); j++) {
        Entity inner = sorted.get(j);
        if (inner.end() > outer.end() || !mayStand(inner, outer)) {
          throw ApiException.badRequest(WRONG);
        }
      }
    }
  }

  private static boolean mayStand(Entity inner, Entity outer) {
    if (inner.offset() == outer.offset() && inner.length() == outer.length()) {
      return mayStandIn(inner, outer) || mayStandIn(outer, inner);
    }
    return mayStandIn(inner, outer);
  }

  private static boolean mayStandIn(Entity inner, Entity outer) {
    return switch (outer.type().group()) {
      case QUOTE -> !inner.is(Entity.Group.QUOTE);
      case STYLE -> inner.type() != outer.type() && !inner.is(Entity.Group.VERBATIM);
      case LINK -> inner.is(Entity.Group.STYLE);
      case VERBATIM, FOUND -> false;
    };
  }
}
