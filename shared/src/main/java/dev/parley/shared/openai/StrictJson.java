package dev.parley.shared.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Reads one JSON object from bytes nobody vouches for: UTF-8 without malformed sequences, bounded in
/// size and depth, no duplicate keys, nothing after the end.
public final class StrictJson {
  /// Digits of one number; more cost quadratic time to convert.
  private static final int MAX_NUMBER_CHARACTERS = 64;

  private final RequestLimits limits;
  private final ObjectMapper mapper;

  public StrictJson(RequestLimits limits) {
    this.limits = limits;
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(limits.maxJsonDepth())
                    .maxNumberLength(MAX_NUMBER_CHARACTERS)
                    .maxStringLength(limits.maxBodyBytes())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    this.mapper =
        JsonMapper.builder(factory).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  }

  /// @throws InvalidRequest when the bytes are anything else
  public ObjectNode object(byte[] body) {
    if (body.length > limits.maxBodyBytes()) {
      throw new InvalidRequest(ApiError.tooLarge(limits.maxBodyBytes()));
    }
    JsonNode node = parse(decode(body));
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw new InvalidRequest(
        ApiError.unreadable("invalid_json", "The request body must be a JSON object."));
  }

  private JsonNode parse(String text) {
    try {
      return mapper.readTree(text);
    } catch (StreamConstraintsException e) {
      throw new InvalidRequest(
          ApiError.unreadable(
              "json_too_complex",
              "The request body is nested deeper than %d levels or has an over-long number or name."
                  .formatted(limits.maxJsonDepth())));
    } catch (JsonProcessingException e) {
      throw new InvalidRequest(
          ApiError.unreadable(
              "invalid_json", "The request body is not valid JSON" + where(e) + "."));
    }
  }

  /// Only the position: the parser's own message would quote the text.
  private static String where(JsonProcessingException e) {
    var location = e.getLocation();
    return location == null
        ? ""
        : " (line %d, column %d)".formatted(location.getLineNr(), location.getColumnNr());
  }

  private static String decode(byte[] body) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(body))
          .toString();
    } catch (CharacterCodingException e) {
      throw new InvalidRequest(
          ApiError.unreadable("invalid_encoding", "The request body is not valid UTF-8."));
    }
  }
}
