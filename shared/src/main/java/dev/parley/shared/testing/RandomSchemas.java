package dev.parley.shared.testing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;

/// JSON schemas of what `shared.grammar` supports, drawn from a seed: small ones, whose JSON is short.
public final class RandomSchemas {
  private static final int MAX_DEPTH = 3;
  private static final List<String> WORDS =
      List.of("red", "a \"quoted\" word", "back\\slash", "näïve ☃", "tab\there", "{", "😀", "");

  private final Random random;

  public RandomSchemas(long seed) {
    random = new Random(seed);
  }

  /// An object's schema.
  public ObjectNode next() {
    return object(0);
  }

  /// An object's schema with a definition in it that refers to itself: its JSON is short only if whoever writes it
  /// wants to.
  public ObjectNode nextRecursive() {
    ObjectNode schema = object(0);
    schema.putObject("$defs").set("Node", node());
    ((ObjectNode) schema.get("properties")).putObject("list").put("$ref", "#/$defs/Node");
    required(schema).add("list");
    return schema;
  }

  private static ObjectNode node() {
    ObjectNode node = typed("object");
    ObjectNode properties = node.putObject("properties");
    properties.set("on", typed("boolean"));
    properties
        .putObject("next")
        .putArray("anyOf")
        .add(typed("null"))
        .add(JsonNodeFactory.instance.objectNode().put("$ref", "#/$defs/Node"));
    node.putArray("required").add("on");
    return node;
  }

  private ObjectNode any(int depth) {
    return switch (random.nextInt(depth < MAX_DEPTH ? 12 : 8)) {
      case 0 -> string();
      case 1 -> typed("integer");
      case 2 -> typed("number");
      case 3 -> typed(random.nextBoolean() ? "boolean" : "null");
      case 4 -> words();
      case 5 -> JsonNodeFactory.instance.objectNode().put("const", 1 + random.nextInt(9));
      case 6 -> typed("string").put("format", pick(List.of("date", "time", "date-time", "uuid")));
      case 7 -> types();
      case 8 -> object(depth + 1);
      case 9 -> array(depth + 1);
      case 10 -> tuple(depth + 1);
      default -> anyOf(depth + 1);
    };
  }

  private static ObjectNode typed(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }

  private String pick(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }

  private ObjectNode string() {
    int min = random.nextInt(4);
    return typed("string").put("minLength", min).put("maxLength", min + random.nextInt(5));
  }

  private ObjectNode words() {
    ObjectNode schema = typed("string");
    ArrayNode values = schema.putArray("enum");
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      values.add(pick(WORDS));
    }
    return schema;
  }

  private ObjectNode types() {
    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("description", "one of two");
    schema.putArray("type").add("null").add(pick(List.of("integer", "boolean", "number")));
    return schema;
  }

  private ObjectNode object(int depth) {
    ObjectNode schema = typed("object");
    ObjectNode properties = schema.putObject("properties");
    for (int i = random.nextInt(4); i >= 0; i--) {
      String name = random.nextInt(6) == 0 ? pick(WORDS) + i : "p" + i;
      properties.set(name, any(depth));
      if (random.nextBoolean()) {
        required(schema).add(name);
      }
    }
    if (random.nextBoolean()) {
      schema.put("additionalProperties", false);
    }
    return schema;
  }

  private static ArrayNode required(ObjectNode schema) {
    return schema.withArrayProperty("required");
  }

  private ObjectNode array(int depth) {
    int min = random.nextInt(3);
    ObjectNode schema =
        typed("array").put("minItems", min).put("maxItems", min + random.nextInt(3));
    schema.set("items", any(depth));
    return schema;
  }

  private ObjectNode tuple(int depth) {
    ObjectNode schema = typed("array").put("maxItems", 4);
    ArrayNode first = schema.putArray("prefixItems");
    first.add(any(depth)).add(any(depth));
    if (random.nextBoolean()) {
      schema.set("items", any(depth));
    }
    return schema;
  }

  private ObjectNode anyOf(int depth) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    schema.putArray("anyOf").add(any(depth)).add(any(depth)).add(any(depth));
    return schema;
  }
}
