package dev.parley.shared.grammar;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

/// JSON schemas (draft 2020-12) as grammars. Whatever the grammar allows fits the schema; not everything that fits is
/// allowed: the text is as narrow as it can simply be.
///
/// | keyword | meaning here |
/// |---|---|
/// | `type` | one of the seven, or a list; what it is missing for is told by the other keywords; none: any value |
/// | `properties`, `required` | in the order given; without `properties` an object is any object |
/// | `additionalProperties` | missing or false beside `properties`: no others; a schema only without `properties` |
/// | `items`, `prefixItems`, `minItems`, `maxItems` | of `prefixItems` all come; others only if `items` says which |
/// | `minLength`, `maxLength` | in characters (code points) |
/// | `format` | `date`, `time`, `date-time`, `uuid`, without a length |
/// | `enum`, `const` | the value as Jackson writes it; `type` beside it must fit |
/// | `anyOf` | one of them |
/// | `$ref` | `#` or a pointer into the schema, `#/$defs/Node`; may come to itself |
/// | `title`, `description`, `default`, `examples`, `deprecated`, `readOnly`, `writeOnly`, `$schema`, `$id`, `$comment` | nothing |
///
/// Anything else is an error, `oneOf` too: a grammar cannot keep its alternatives apart.
///
/// White space is at most one space after `:` and `,`. A number has up to 15 digits before and 15 after the point
/// and an exponent of two; a string has no lone surrogates. A string or array without a maximum goes on for as long as
/// the model wants.
public final class JsonSchema {
  /// Schemas within schemas, levels.
  public static final int MAX_DEPTH = 32;

  /// Values of one `enum`, entries.
  public static final int MAX_ENUM = 500;

  /// Nested JSON, levels; a schema's level is up to two of them.
  private static final int MAX_JSON_DEPTH = 2 * MAX_DEPTH;

  /// Digits of one number.
  private static final int MAX_NUMBER_CHARACTERS = 64;

  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_JSON_DEPTH)
                          .maxNumberLength(MAX_NUMBER_CHARACTERS)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          // A number of any size is written as it was read.
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private JsonSchema() {}

  /// A grammar in GBNF of JSON that fits the schema.
  ///
  /// @param schema JSON
  /// @throws GrammarException when it is none, or has a keyword or a value that is not supported; it says where
  public static String toGbnf(String schema) {
    return new SchemaTranslator(read(schema)).gbnf();
  }

  private static JsonNode read(String schema) {
    try {
      return JSON.readTree(schema);
    } catch (StreamConstraintsException e) {
      throw new GrammarException(
          "it is nested deeper than %d levels or has an over-long number"
              .formatted(MAX_JSON_DEPTH));
    } catch (JsonProcessingException e) {
      throw new GrammarException("it is not valid JSON");
    }
  }
}
