package dev.parley.doubles.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// What Telegram answers to a call.
sealed interface Answer {

  /// @param description said beside the result by the methods for webhooks
  record Done(JsonNode result, Optional<String> description) implements Answer {}

  /// @param description such as `Bad Request: chat not found`
  /// @param retryAfterS how long the bot must wait, s
  /// @param migrateTo the group's new id
  record Failed(int code, String description, OptionalInt retryAfterS, OptionalLong migrateTo)
      implements Answer {}

  static Answer done(JsonNode result) {
    return new Done(result, Optional.empty());
  }

  static Answer yes() {
    return done(ApiJson.NODES.booleanNode(true));
  }

  static Answer yes(String description) {
    return new Done(ApiJson.NODES.booleanNode(true), Optional.of(description));
  }

  static Failed failed(int code, String description) {
    return new Failed(code, description, OptionalInt.empty(), OptionalLong.empty());
  }

  static Failed tooManyRequests(int retryAfterS) {
    return new Failed(
        429,
        "Too Many Requests: retry after " + retryAfterS,
        OptionalInt.of(retryAfterS),
        OptionalLong.empty());
  }

  /// The HTTP status, which for failures is the error code.
  default int code() {
    return switch (this) {
      case Done done -> 200;
      case Failed failed -> failed.code();
    };
  }

  /// The body that goes to the bot.
  default ObjectNode json() {
    ObjectNode json = ApiJson.NODES.objectNode();
    switch (this) {
      case Done done -> {
        json.put("ok", true);
        json.set("result", done.result());
        done.description().ifPresent(text -> json.put("description", text));
      }
      case Failed failed -> {
        json.put("ok", false);
        json.put("error_code", failed.code());
        json.put("description", failed.description());
        ObjectNode parameters = ApiJson.NODES.objectNode();
        failed.retryAfterS().ifPresent(s -> parameters.put("retry_after", s));
        failed.migrateTo().ifPresent(id -> parameters.put("migrate_to_chat_id", id));
        if (!parameters.isEmpty()) {
          json.set("parameters", parameters);
        }
      }
    }
    return json;
  }
}
