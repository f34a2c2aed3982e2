package dev.parley.shared.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Objects;

/// JSON of what crosses process borders.
public final class Wire {

  /// Deepest nesting of any JSON that Parley reads from Kafka or Redis.
  private static final int MAX_DEPTH = 32;

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  static {
    JSON.getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build());
  }

  private Wire() {}

  /// Compact JSON, one line.
  public static String encode(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new WireException("cannot encode " + value.getClass().getSimpleName(), e);
    }
  }

  /// The Kafka value of a prompt.
  public static byte[] encodePrompt(Prompt prompt) {
    try {
      return JSON.writeValueAsBytes(prompt);
    } catch (JsonProcessingException e) {
      throw new WireException("cannot encode a prompt", e);
    }
  }

  /// Reads a Kafka value.
  ///
  /// @throws WireException for garbage, a missing field or a newer schema
  public static Prompt decodePrompt(byte[] value) {
    try {
      Prompt prompt = JSON.readValue(value, Prompt.class);
      if (prompt.schema() != Prompt.SCHEMA) {
        throw new WireException("prompt schema " + prompt.schema() + ", this build reads 1");
      }
      Objects.requireNonNull(prompt.ref());
      Objects.requireNonNull(prompt.request());
      return prompt;
    } catch (IOException | RuntimeException e) {
      throw e instanceof WireException w ? w : new WireException("not a prompt", e);
    }
  }

  public static Delta decodeDelta(String json) {
    return decode(json, Delta.class);
  }

  public static TurnRequest decodeRequest(String json) {
    return decode(json, TurnRequest.class);
  }

  /// Reads what [#encode] wrote.
  ///
  /// @throws WireException when the text is not JSON of that type
  public static <T> T decode(String json, Class<T> type) {
    try {
      return JSON.readValue(json, type);
    } catch (IOException | RuntimeException e) {
      throw new WireException("not a " + type.getSimpleName(), e);
    }
  }
}
