package dev.parley.shared.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/// Typed access to an object's fields: null counts as absent, a wrong type is the caller's error and
/// named as such (each method throws [InvalidRequest]).
public final class Fields {
  private final ObjectNode object;
  private final String prefix;

  /// @param prefix of the fields' names in errors, such as `messages[2].`
  public Fields(ObjectNode object, String prefix) {
    this.object = object;
    this.prefix = prefix;
  }

  /// The field's full name, as errors give it.
  String path(String name) {
    return prefix + name;
  }

  Optional<JsonNode> present(String name) {
    JsonNode node = object.get(name);
    return node == null || node.isNull() ? Optional.empty() : Optional.of(node);
  }

  public Optional<String> text(String name) {
    return present(name)
        .map(node -> {
          if (!node.isTextual()) {
            throw wrongType(name, "a string", node);
          }
          return node.textValue();
        });
  }

  /// A text that must be there.
  public String requiredText(String name) {
    return text(name)
        .orElseThrow(
            () -> InvalidRequest.field(path(name), "'%s' is missing.".formatted(path(name))));
  }

  boolean flag(String name) {
    return present(name)
        .map(node -> {
          if (!node.isBoolean()) {
            throw wrongType(name, "true or false", node);
          }
          return node.booleanValue();
        })
        .orElse(false);
  }

  /// A whole number between the bounds, both included.
  public Optional<Long> integer(String name, long min, long max) {
    return present(name)
        .map(node -> {
          if (!node.isIntegralNumber()) {
            throw wrongType(name, "a whole number", node);
          }
          if (!node.canConvertToLong() || node.longValue() < min || node.longValue() > max) {
            throw InvalidRequest.field(path(name), range(name, min, max));
          }
          return node.longValue();
        });
  }

  /// A number between the bounds, both included.
  public Optional<Double> number(String name, double min, double max) {
    return present(name)
        .map(node -> {
          if (!node.isNumber()) {
            throw wrongType(name, "a number", node);
          }
          double value = node.doubleValue();
          if (!(value >= min && value <= max)) {
            throw InvalidRequest.field(
                path(name), "'%s' must be between %s and %s.".formatted(path(name), min, max));
          }
          return value;
        });
  }

  /// A number above the first bound and at most the second.
  public Optional<Double> numberAbove(String name, double above, double max) {
    return number(name, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY)
        .map(value -> {
          if (value <= above || value > max) {
            throw InvalidRequest.field(
                path(name),
                "'%s' must be greater than %s and at most %s.".formatted(path(name), above, max));
          }
          return value;
        });
  }

  InvalidRequest wrongType(String name, String wanted, JsonNode node) {
    return InvalidRequest.field(
        path(name), "'%s' must be %s, not %s.".formatted(path(name), wanted, kind(node)));
  }

  private String range(String name, long min, long max) {
    return max >= Integer.MAX_VALUE
        ? "'%s' must be %d or more.".formatted(path(name), min)
        : "'%s' must be between %d and %d.".formatted(path(name), min, max);
  }

  static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case ARRAY -> "an array";
      case OBJECT, POJO -> "an object";
      case STRING, BINARY -> "a string";
      case NUMBER -> "a number";
      case BOOLEAN -> "true or false";
      case NULL, MISSING -> "null";
    };
  }
}
