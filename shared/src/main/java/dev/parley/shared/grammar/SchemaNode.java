package dev.parley.shared.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A schema within a schema, with its place for errors: typed access to its keywords.
///
/// @param path from the root, such as `$.properties.name`
/// @param depth of schemas around it
record SchemaNode(JsonNode node, String path, int depth) {
  /// Keywords by the type that they say something of.
  static final Map<String, Set<String>> KEYWORDS =
      Map.of(
          "object", Set.of("properties", "required", "additionalProperties"),
          "array", Set.of("items", "prefixItems", "minItems", "maxItems"),
          "string", Set.of("minLength", "maxLength", "format"));

  private static final Set<String> TYPES =
      Set.of("object", "array", "string", "integer", "number", "boolean", "null");

  /// Keywords that say nothing of the value.
  private static final Set<String> IGNORED =
      Set.of(
          "title",
          "description",
          "default",
          "examples",
          "deprecated",
          "readOnly",
          "writeOnly",
          "$schema",
          "$id",
          "$comment",
          "$defs",
          "definitions");

  /// How many there may be.
  ///
  /// @param max [JsonRules#NO_MAX] for as many as the model wants
  record Bounds(int min, int max) {
    boolean isOpen() {
      return min == 0 && max == JsonRules.NO_MAX;
    }
  }

  SchemaNode {
    if (depth > JsonSchema.MAX_DEPTH) {
      throw new GrammarException(
          "there are more than %d schemas within each other at %s"
              .formatted(JsonSchema.MAX_DEPTH, path));
    }
  }

  GrammarException fault(String keyword, String what) {
    return new GrammarException("'%s' at %s %s".formatted(keyword, path, what));
  }

  /// Whether it says nothing of the value.
  boolean isAnything() {
    return node.equals(BooleanNode.TRUE);
  }

  /// @throws GrammarException when it is none
  ObjectNode object() {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw new GrammarException("at %s should be a schema (an object)".formatted(path));
  }

  /// Refuses every keyword but these and those that say nothing.
  void allow(Set<String> keywords) {
    for (Map.Entry<String, JsonNode> entry : object().properties()) {
      if (!keywords.contains(entry.getKey()) && !IGNORED.contains(entry.getKey())) {
        throw fault(entry.getKey(), "is not supported there");
      }
    }
  }

  /// Whether it has a keyword of this type.
  boolean hasAnyOf(String type) {
    return KEYWORDS.getOrDefault(type, Set.of()).stream().anyMatch(object()::has);
  }

  /// Its types, none if it does not say.
  List<String> types() {
    JsonNode type = object().path("type");
    List<String> types = new ArrayList<>();
    for (JsonNode name : type instanceof ArrayNode array ? array : List.of(type)) {
      if (name.isMissingNode()) {
        return List.of();
      }
      if (!name.isTextual() || !TYPES.contains(name.textValue())) {
        throw fault(
            "type",
            "must be one or several of object, array, string, integer, number, boolean, null");
      }
      if (!types.contains(name.textValue())) {
        types.add(name.textValue());
      }
    }
    if (types.isEmpty()) {
      throw fault("type", "is empty");
    }
    return types;
  }

  String text(String keyword) {
    JsonNode value = object().path(keyword);
    if (!value.isTextual()) {
      throw fault(keyword, "must be a string");
    }
    return value.textValue();
  }

  ArrayNode array(String keyword) {
    if (object().path(keyword) instanceof ArrayNode array && !array.isEmpty()) {
      return array;
    }
    throw fault(keyword, "must be an array that is not empty");
  }

  ObjectNode childObject(String keyword) {
    if (object().path(keyword) instanceof ObjectNode child) {
      return child;
    }
    throw fault(keyword, "must be an object");
  }

  SchemaNode child(String name, JsonNode schema) {
    return new SchemaNode(schema, path + "." + name, depth + 1);
  }

  /// The schemas in an array.
  List<SchemaNode> children(String keyword) {
    List<SchemaNode> children = new ArrayList<>();
    for (JsonNode schema : array(keyword)) {
      children.add(child("%s[%d]".formatted(keyword, children.size()), schema));
    }
    return children;
  }

  Bounds bounds(String least, String most) {
    int min = count(least, 0);
    int max = count(most, JsonRules.NO_MAX);
    if (max < min) {
      throw fault(most, "is less than '%s'".formatted(least));
    }
    return new Bounds(min, max);
  }

  private int count(String keyword, int otherwise) {
    JsonNode value = object().path(keyword);
    if (value.isMissingNode()) {
      return otherwise;
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.intValue() < 0
        || value.intValue() > Grammar.MAX_REPETITIONS) {
      throw fault(
          keyword, "must be a whole number from 0 to %d".formatted(Grammar.MAX_REPETITIONS));
    }
    return value.intValue();
  }
}
