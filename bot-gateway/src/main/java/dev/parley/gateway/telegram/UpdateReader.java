package dev.parley.gateway.telegram;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.telegram.telegrambots.meta.api.objects.Update;

/// Reads updates. One that the SDK does not understand, because Telegram is newer, becomes one with nothing but its id:
/// if it were refused, it would come again and again, and keep all later ones from coming.
final class UpdateReader {
  private static final Logger LOG = LoggerFactory.getLogger(UpdateReader.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private UpdateReader() {}

  /// Empty when it has no id: then it is no update.
  ///
  /// @throws JsonProcessingException when it is no JSON
  static Optional<Update> read(byte[] json) throws IOException {
    return read(JSON.readTree(json));
  }

  /// The updates that a poll brought; empty when its answer is no list of updates.
  static List<Update> readAll(String answer) {
    try {
      List<Update> updates = new ArrayList<>();
      JSON.readTree(answer).path("result").forEach(json -> read(json).ifPresent(updates::add));
      return updates;
    } catch (JsonProcessingException e) {
      return List.of();
    }
  }

  private static Optional<Update> read(JsonNode json) {
    JsonNode id = json.path("update_id");
    if (!id.isIntegralNumber() || !id.canConvertToInt()) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.treeToValue(json, BotUpdate.class));
    } catch (JsonProcessingException e) {
      LOG.error("update {} is not understood and is dropped: {}", id, e.getOriginalMessage());
      Update nothing = new Update();
      nothing.setUpdateId(id.intValue());
      return Optional.of(nothing);
    }
  }
}
