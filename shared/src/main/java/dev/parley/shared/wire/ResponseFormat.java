package dev.parley.shared.wire;

import java.nio.charset.StandardCharsets;

/// What form an answer has: OpenAI's `response_format`, and llama-server's `grammar`.
///
/// Here only the size of the text is checked; `shared.grammar` knows what may stand in it.
///
/// @param text the schema (JSON) or the grammar (GBNF), at most [#MAX_BYTES]; empty for the kinds that need none
public record ResponseFormat(Kind kind, String text) {
  /// Longest schema or grammar, in bytes of UTF-8.
  public static final int MAX_BYTES = 32 * 1024;

  /// Any text.
  public static final ResponseFormat TEXT = new ResponseFormat(Kind.TEXT, "");

  /// Any JSON object.
  public static final ResponseFormat JSON_OBJECT = new ResponseFormat(Kind.JSON_OBJECT, "");

  /// How the text is to be read.
  public enum Kind {
    TEXT,
    JSON_OBJECT,
    JSON_SCHEMA,
    GRAMMAR
  }

  public ResponseFormat {
    boolean needsText = kind == Kind.JSON_SCHEMA || kind == Kind.GRAMMAR;
    Require.that(needsText != text.isEmpty(), "a schema or a grammar has a text, nothing else has");
    Require.that(
        text.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES,
        "a schema or a grammar has at most " + MAX_BYTES + " bytes");
  }

  /// JSON that this JSON schema describes.
  public static ResponseFormat jsonSchema(String schema) {
    return new ResponseFormat(Kind.JSON_SCHEMA, schema);
  }

  /// Text of this GBNF grammar.
  public static ResponseFormat grammar(String gbnf) {
    return new ResponseFormat(Kind.GRAMMAR, gbnf);
  }
}
