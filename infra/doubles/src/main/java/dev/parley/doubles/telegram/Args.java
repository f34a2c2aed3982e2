package dev.parley.doubles.telegram;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The arguments of a call. Telegram takes them from a query, a form or JSON alike: each is a text or JSON, and a text
/// may hold JSON. One that is empty or null is one that is missing.
final class Args {
  private final Map<String, JsonNode> values;
  private final Map<String, Upload> files;

  Args(Map<String, JsonNode> values, Map<String, Upload> files) {
    this.values = Map.copyOf(values);
    this.files = Map.copyOf(files);
  }

  /// The fields of an object.
  static Args of(JsonNode object) {
    Map<String, JsonNode> values = new HashMap<>();
    object.properties().forEach(field -> values.put(field.getKey(), field.getValue()));
    return new Args(values, Map.of());
  }

  /// Both together; where they name the same, the others' count.
  Args and(Args others) {
    Map<String, JsonNode> allValues = new HashMap<>(values);
    allValues.putAll(others.values);
    Map<String, Upload> allFiles = new HashMap<>(files);
    allFiles.putAll(others.files);
    return new Args(allValues, allFiles);
  }

  /// The argument as text, empty when it is missing.
  String text(String name) {
    JsonNode value = values.get(name);
    if (value == null || value.isNull()) {
      return "";
    }
    return value.isValueNode() ? value.asText() : value.toString();
  }

  boolean has(String name) {
    return !text(name).isEmpty();
  }

  /// A number, or what stands for one that is missing; as with Telegram, what is no number is 0.
  long number(String name, long ifMissing) {
    String text = text(name);
    if (text.isEmpty()) {
      return ifMissing;
    }
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /// A number that is forced into a range.
  int number(String name, int ifMissing, int least, int most) {
    return Math.clamp(number(name, ifMissing), least, most);
  }

  /// A message's or topic's id, 0 when there is none.
  int id(String name) {
    return number(name, 0, 0, Integer.MAX_VALUE);
  }

  boolean flag(String name) {
    return isTrue(text(name));
  }

  /// An object or array.
  ///
  /// @param what it is, for the error: `reply parameters`
  Optional<JsonNode> json(String name, String what) {
    JsonNode value = values.get(name);
    if (value == null || !has(name)) {
      return Optional.empty();
    }
    if (value.isContainerNode()) {
      return Optional.of(value);
    }
    try {
      return Optional.of(ApiJson.MAPPER.readTree(value.asText()));
    } catch (JsonProcessingException e) {
      throw ApiException.badRequest("can't parse " + what + " JSON object");
    }
  }

  Optional<Upload> file(String name) {
    return Optional.ofNullable(files.get(name));
  }

  static boolean isTrue(String text) {
    return text.equalsIgnoreCase("true") || text.equals("1") || text.equalsIgnoreCase("yes");
  }
}
