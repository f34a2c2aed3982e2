package dev.parley.doubles.telegram;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/// Something that Telegram tells the bot.
///
/// @param id rises by one from update to update
/// @param chatId updates of one chat keep their order
/// @param body the value of the field that [Kind] names
/// @param twice whether it is delivered a second time though the bot has confirmed it
record Update(int id, Kind kind, long chatId, ObjectNode body, boolean twice) {

  /// What a bot may be told of.
  enum Kind {
    MESSAGE,
    EDITED_MESSAGE,
    CALLBACK_QUERY,
    MY_CHAT_MEMBER,
    STOPPED_MESSAGE_GENERATION;

    String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  ObjectNode json() {
    ObjectNode json = ApiJson.NODES.objectNode();
    json.put("update_id", id);
    json.set(kind.wire(), body);
    return json;
  }
}
