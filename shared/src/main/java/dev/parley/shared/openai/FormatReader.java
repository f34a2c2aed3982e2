package dev.parley.shared.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.shared.grammar.Grammar;
import dev.parley.shared.grammar.GrammarException;
import dev.parley.shared.wire.ResponseFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads `response_format` (OpenAI) and `grammar` (llama-server), and refuses what no worker could use.
final class FormatReader {
  private static final String FORMAT = "response_format";
  private static final String GRAMMAR = "grammar";

  /// OpenAI's rule for the name of a schema.
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private FormatReader() {}

  /// @param base what counts when neither is sent
  static ResponseFormat read(Fields fields, ResponseFormat base) {
    Optional<ResponseFormat> format =
        fields
            .present(FORMAT)
            .map(node -> {
              if (!(node instanceof ObjectNode object)) {
                throw fields.wrongType(FORMAT, "an object", node);
              }
              return format(new Fields(object, FORMAT + "."));
            });
    // Empty is llama-server's default.
    Optional<String> grammar = fields.text(GRAMMAR).filter(text -> !text.isEmpty());
    if (grammar.isEmpty()) {
      return format.orElse(base);
    }
    if (format.isPresent() && !format.get().equals(ResponseFormat.TEXT)) {
      throw InvalidRequest.field(
          GRAMMAR, "'grammar' cannot be together with a 'response_format' of JSON.");
    }
    return usable(GRAMMAR, ResponseFormat.Kind.GRAMMAR, grammar.get());
  }

  private static ResponseFormat format(Fields format) {
    String type = format.requiredText("type");
    return switch (type) {
      case "text" -> ResponseFormat.TEXT;
      case "json_object" -> ResponseFormat.JSON_OBJECT;
      case "json_schema" -> jsonSchema(format);
      default ->
          throw InvalidRequest.field(
              format.path("type"),
              "'%s' must be text, json_object or json_schema.".formatted(format.path("type")));
    };
  }

  private static ResponseFormat jsonSchema(Fields format) {
    String name = "json_schema";
    JsonNode node =
        format
            .present(name)
            .orElseThrow(() ->
                InvalidRequest.field(
                    format.path(name), "'%s' is missing.".formatted(format.path(name))));
    if (!(node instanceof ObjectNode object)) {
      throw format.wrongType(name, "an object", node);
    }
    Fields named = new Fields(object, format.path(name) + ".");
    if (!NAME.matcher(named.requiredText("name")).matches()) {
      throw InvalidRequest.field(
          named.path("name"),
          "'%s' must be 1 to 64 of A-Z a-z 0-9 _ and -.".formatted(named.path("name")));
    }
    // Read for its type alone: every schema is kept to the letter.
    named.flag("strict");
    JsonNode schema =
        named
            .present("schema")
            .orElseThrow(() ->
                InvalidRequest.field(
                    named.path("schema"), "'%s' is missing.".formatted(named.path("schema"))));
    return usable(named.path("schema"), ResponseFormat.Kind.JSON_SCHEMA, schema.toString());
  }

  private static ResponseFormat usable(String path, ResponseFormat.Kind kind, String text) {
    try {
      ResponseFormat format = new ResponseFormat(kind, text);
      Grammar.of(format);
      return format;
    } catch (GrammarException e) {
      throw InvalidRequest.field(path, "'%s' cannot be used: %s.".formatted(path, e.reason()));
    } catch (IllegalArgumentException e) {
      throw InvalidRequest.field(
          path, "'%s' has more than %d bytes.".formatted(path, ResponseFormat.MAX_BYTES));
    }
  }
}
