package dev.parley.shared.testing;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.util.List;
import java.util.UUID;

/// Whether JSON fits a schema of what `shared.grammar` supports, read from the specification and not from there.
public final class SchemaValidator {
  private final JsonNode root;

  public SchemaValidator(JsonNode root) {
    this.root = root;
  }

  /// Whether a value fits the whole schema.
  public boolean fits(JsonNode value) {
    return fits(root, value);
  }

  private boolean fits(JsonNode schema, JsonNode value) {
    if (schema.isBoolean()) {
      return schema.booleanValue();
    }
    if (schema.has("$ref")) {
      String pointer = schema.get("$ref").textValue();
      return fits(root.at(JsonPointer.compile(pointer.substring(1))), value);
    }
    return (!schema.has("enum") || contains(schema.get("enum"), value))
        && (!schema.has("const") || schema.get("const").equals(value))
        && (!schema.has("anyOf") || anyFits(schema.get("anyOf"), value))
        && (!schema.has("type") || hasType(schema.get("type"), value))
        && (!value.isTextual() || stringFits(schema, value.textValue()))
        && (!value.isArray() || arrayFits(schema, value))
        && (!value.isObject() || objectFits(schema, value));
  }

  private static boolean contains(JsonNode values, JsonNode value) {
    return values.valueStream().anyMatch(value::equals);
  }

  private boolean anyFits(JsonNode schemas, JsonNode value) {
    return schemas.valueStream().anyMatch(schema -> fits(schema, value));
  }

  private static boolean hasType(JsonNode type, JsonNode value) {
    if (type instanceof ArrayNode types) {
      return types.valueStream().anyMatch(one -> hasType(one, value));
    }
    return switch (type.textValue()) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber() && Double.isFinite(value.doubleValue());
      case "boolean" -> value.isBoolean();
      case "null" -> value.isNull();
      default -> throw new IllegalArgumentException("no type: " + type);
    };
  }

  private static boolean stringFits(JsonNode schema, String value) {
    int length = value.codePointCount(0, value.length());
    return length >= schema.path("minLength").asInt(0)
        && length <= schema.path("maxLength").asInt(Integer.MAX_VALUE)
        && hasFormat(schema.path("format").asText(), value);
  }

  private static boolean hasFormat(String format, String value) {
    try {
      Object parsed =
          switch (format) {
            case "date" -> LocalDate.parse(value);
            case "time" -> OffsetTime.parse(value);
            case "date-time" -> OffsetDateTime.parse(value);
            case "uuid" -> UUID.fromString(value);
            default -> value;
          };
      return !format.equals("uuid") || parsed.toString().equals(value);
    } catch (DateTimeException | IllegalArgumentException e) {
      return false;
    }
  }

  private boolean arrayFits(JsonNode schema, JsonNode value) {
    int size = value.size();
    if (size < schema.path("minItems").asInt(0)
        || size > schema.path("maxItems").asInt(Integer.MAX_VALUE)) {
      return false;
    }
    List<JsonNode> first = schema.path("prefixItems").valueStream().toList();
    JsonNode others = schema.has("items") ? schema.get("items") : BooleanNode.TRUE;
    for (int i = 0; i < size; i++) {
      if (!fits(i < first.size() ? first.get(i) : others, value.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean objectFits(JsonNode schema, JsonNode value) {
    JsonNode properties = schema.path("properties");
    JsonNode others =
        schema.has("additionalProperties") ? schema.get("additionalProperties") : BooleanNode.TRUE;
    return schema.path("required").valueStream().allMatch(name -> value.has(name.textValue()))
        && value.properties().stream()
            .allMatch(member ->
                fits(
                    properties.has(member.getKey()) ? properties.get(member.getKey()) : others,
                    member.getValue()));
  }
}
