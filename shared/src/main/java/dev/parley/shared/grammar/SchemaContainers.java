package dev.parley.shared.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Translates the schemas of objects and arrays: where the commas go.
final class SchemaContainers {
  private final SchemaTranslator translator;
  private final JsonRules rules;

  SchemaContainers(SchemaTranslator translator, JsonRules rules) {
    this.translator = translator;
    this.rules = rules;
  }

  /// A member of an object: name, colon, value.
  private record Member(String expression, boolean required) {
    String afterComma() {
      String with = JsonRules.COMMA + " " + expression;
      return required ? with : "(" + with + ")?";
    }
  }

  /// The rule of an object.
  String object(SchemaNode schema) {
    ObjectNode object = schema.object();
    JsonNode additional = object.path("additionalProperties");
    if (object.has("properties")) {
      if (!additional.isMissingNode() && !isFalse(additional)) {
        throw schema.fault(
            "additionalProperties",
            "is only supported as false beside 'properties', and as a schema without them");
      }
      return rule("object", "{", members(schema), "}");
    }
    if (object.has("required")) {
      throw schema.fault("required", "needs 'properties'");
    }
    if (additional.isMissingNode() || additional.isBoolean()) {
      return isFalse(additional) ? "\"{}\"" : rules.shared("object");
    }
    String value = translator.expression(schema.child("additionalProperties", additional));
    String member = rules.newName("member");
    rules.define(member, rules.shared("string") + " " + JsonRules.COLON + " " + value);
    return rule("object", "{", repeated(member, 0, JsonRules.NO_MAX), "}");
  }

  private static boolean isFalse(JsonNode node) {
    return node.equals(BooleanNode.FALSE);
  }

  private String rule(String kind, String open, String body, String close) {
    String name = rules.newName(kind);
    rules.define(name, JsonRules.quoted(open) + " " + body + " " + JsonRules.quoted(close));
    return name;
  }

  private String members(SchemaNode schema) {
    ObjectNode properties = schema.childObject("properties");
    Set<String> required = required(schema, properties);
    List<Member> members = new ArrayList<>();
    for (Map.Entry<String, JsonNode> property : properties.properties()) {
      SchemaNode value = schema.child("properties." + property.getKey(), property.getValue());
      String name = JsonRules.literal(JsonNodeFactory.instance.textNode(property.getKey()));
      members.add(
          new Member(
              name + " " + JsonRules.COLON + " " + translator.expression(value),
              required.contains(property.getKey())));
    }
    return members.isEmpty() ? "" : inOrder(members);
  }

  /// The first member that comes has no comma before it, the others have; the first is the first required one at
  /// the latest.
  private String inOrder(List<Member> members) {
    // What may follow a member, by its place from the end.
    List<String> rests = new ArrayList<>(List.of(""));
    for (Member member : members.subList(1, members.size()).reversed()) {
      String rest = rules.newName("rest");
      rules.define(rest, member.afterComma() + " " + rests.getLast());
      rests.add(rest);
    }
    List<String> starts = new ArrayList<>();
    boolean begun = false;
    for (int first = 0; first < members.size() && !begun; first++) {
      starts.add(members.get(first).expression() + " " + rests.reversed().get(first));
      begun = members.get(first).required();
    }
    return "(" + String.join(" | ", starts) + ")" + (begun ? "" : "?");
  }

  private static Set<String> required(SchemaNode schema, ObjectNode properties) {
    Set<String> required = new HashSet<>();
    if (!schema.object().has("required")) {
      return required;
    }
    for (JsonNode name : schema.array("required")) {
      if (!name.isTextual() || !properties.has(name.textValue())) {
        throw schema.fault("required", "names something that is not among the properties");
      }
      required.add(name.textValue());
    }
    return required;
  }

  /// The rule of an array.
  String array(SchemaNode schema) {
    SchemaNode.Bounds items = schema.bounds("minItems", "maxItems");
    List<String> first =
        schema.object().has("prefixItems")
            ? schema.children("prefixItems").stream().map(translator::expression).toList()
            : List.of();
    return rule(
        "array", "[", first.isEmpty() ? items(schema, items) : tuple(schema, first, items), "]");
  }

  private String items(SchemaNode schema, SchemaNode.Bounds count) {
    JsonNode items = schema.object().path("items");
    if (isFalse(items)) {
      return noOthers(schema, count.min(), "");
    }
    String item =
        items.isMissingNode()
            ? rules.shared("value")
            : translator.expression(schema.child("items", items));
    return repeated(item, count.min(), count.max());
  }

  private String tuple(SchemaNode schema, List<String> first, SchemaNode.Bounds count) {
    int shown = Math.min(first.size(), count.max());
    String body = String.join(" " + JsonRules.COMMA + " ", first.subList(0, shown));
    JsonNode items = schema.object().path("items");
    int min = Math.max(0, count.min() - shown);
    if (items.isMissingNode() || isFalse(items)) {
      return noOthers(schema, min, body);
    }
    int max = count.max() == JsonRules.NO_MAX ? JsonRules.NO_MAX : count.max() - shown;
    String item = translator.expression(schema.child("items", items));
    return body + " (" + JsonRules.COMMA + " " + item + ")" + JsonRules.times(min, max);
  }

  private static String noOthers(SchemaNode schema, int missing, String body) {
    if (missing > 0) {
      throw schema.fault("minItems", "needs more items than there are schemas for");
    }
    return body;
  }

  /// So many of them with commas between.
  private static String repeated(String item, int min, int max) {
    if (max == 0) {
      return "";
    }
    int most = max == JsonRules.NO_MAX ? max : max - 1;
    String others = JsonRules.times(Math.max(0, min - 1), most);
    String list = item + " (" + JsonRules.COMMA + " " + item + ")" + others;
    return min == 0 ? "(" + list + ")?" : list;
  }
}
