package dev.parley.shared.grammar;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Translates one schema: each schema in it becomes an expression, those that stand for objects, arrays and references
/// a rule of their own.
final class SchemaTranslator {
  private static final Set<String> REFERENCE = Set.of("$ref");
  private static final Set<String> ENUM = Set.of("enum", "type");
  private static final Set<String> CONST = Set.of("const", "type");
  private static final Set<String> ANY_OF = Set.of("anyOf");

  /// A schema that something refers to, to be translated under this rule's name.
  private record Referred(String rule, SchemaNode schema) {}

  private final JsonNode root;
  private final JsonRules rules = new JsonRules();
  private final SchemaContainers containers = new SchemaContainers(this, rules);
  private final Map<String, String> references = new HashMap<>();
  private final Deque<Referred> todo = new ArrayDeque<>();

  SchemaTranslator(JsonNode root) {
    this.root = root;
  }

  String gbnf() {
    rules.define("root", expression(new SchemaNode(root, "$", 0)));
    while (!todo.isEmpty()) {
      // One after another, so that a chain of references needs no stack.
      Referred referred = todo.pop();
      rules.define(referred.rule(), expression(referred.schema()));
    }
    return rules.gbnf();
  }

  /// What may stand in the place of this schema: safe in a sequence.
  String expression(SchemaNode schema) {
    if (schema.isAnything()) {
      return rules.shared("value");
    }
    ObjectNode object = schema.object();
    if (object.has("$ref")) {
      schema.allow(REFERENCE);
      return reference(schema);
    }
    if (object.has("enum")) {
      schema.allow(ENUM);
      return values(schema, schema.array("enum"));
    }
    if (object.has("const")) {
      schema.allow(CONST);
      return values(schema, object.arrayNode().add(object.get("const")));
    }
    if (object.has("anyOf")) {
      schema.allow(ANY_OF);
      List<SchemaNode> alternatives = schema.children("anyOf");
      return either(alternatives.stream().map(this::expression).toList());
    }
    return typed(schema);
  }

  private static String either(List<String> expressions) {
    return expressions.size() == 1
        ? expressions.getFirst()
        : expressions.stream().collect(Collectors.joining(" | ", "(", ")"));
  }

  private String reference(SchemaNode schema) {
    String pointer = schema.text("$ref");
    if (!pointer.equals("#") && !pointer.startsWith("#/")) {
      throw schema.fault("$ref", "must point into this schema, like #/$defs/NAME");
    }
    String known = references.get(pointer);
    if (known != null) {
      return known;
    }
    JsonNode target = root.at(JsonPointer.compile(pointer.substring(1)));
    if (target.isMissingNode()) {
      throw schema.fault("$ref", "points to nothing");
    }
    String rule = rules.newName("ref");
    references.put(pointer, rule);
    todo.add(
        new Referred(
            rule, new SchemaNode(target, "$" + pointer.substring(1).replace('/', '.'), 0)));
    return rule;
  }

  private static String values(SchemaNode schema, ArrayNode values) {
    if (values.size() > JsonSchema.MAX_ENUM) {
      throw schema.fault("enum", "has more than %d entries".formatted(JsonSchema.MAX_ENUM));
    }
    Set<String> literals = new LinkedHashSet<>();
    List<String> types = schema.types();
    for (JsonNode value : values) {
      if (types.isEmpty() || types.stream().anyMatch(type -> fits(value, type))) {
        literals.add(JsonRules.literal(value));
      }
    }
    if (literals.isEmpty()) {
      throw schema.fault("enum", "has no value that 'type' allows");
    }
    return either(List.copyOf(literals));
  }

  private static boolean fits(JsonNode value, String type) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      default -> value.isNull();
    };
  }

  private String typed(SchemaNode schema) {
    List<String> types = schema.types();
    if (types.isEmpty()) {
      types = SchemaNode.KEYWORDS.keySet().stream().filter(schema::hasAnyOf).sorted().toList();
    }
    Set<String> allowed = new LinkedHashSet<>(Set.of("type"));
    types.forEach(type -> allowed.addAll(SchemaNode.KEYWORDS.getOrDefault(type, Set.of())));
    schema.allow(allowed);
    if (types.isEmpty()) {
      return rules.shared("value");
    }
    return either(types.stream().map(type -> ofType(schema, type)).toList());
  }

  private String ofType(SchemaNode schema, String type) {
    return switch (type) {
      case "object" -> containers.object(schema);
      case "array" -> containers.array(schema);
      case "string" -> string(schema);
      default -> rules.shared(type);
    };
  }

  private String string(SchemaNode schema) {
    if (schema.object().has("format")) {
      String format = schema.text("format");
      if (schema.object().has("minLength") || schema.object().has("maxLength")) {
        throw schema.fault("format", "cannot be together with a length");
      }
      return rules
          .format(format)
          .orElseThrow(() ->
              schema.fault("format", "must be one of " + String.join(", ", JsonRules.formats())));
    }
    SchemaNode.Bounds length = schema.bounds("minLength", "maxLength");
    if (length.isOpen()) {
      return rules.shared("string");
    }
    List<String> parts = new ArrayList<>(List.of("\"\\\"\""));
    parts.add(rules.shared("char") + JsonRules.times(length.min(), length.max()));
    parts.add("\"\\\"\"");
    return String.join(" ", parts);
  }
}
