package dev.parley.shared.wire;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.shared.turn.TurnRef;
import java.util.List;
import java.util.Map;

/// The Kafka record that asks for a turn's answer. Its key is {@code conversation/turnId}; everything
/// is inside the value, because a dead-letter copy keeps key and value but no headers.
///
/// @param schema major version; a worker rejects a newer one, unknown fields are kept
/// @param request as stored in the turn record; rebuilds it when Redis was emptied
/// @param messages the whole chat for the model: system prompt, history, new messages
/// @param gateway owner when the prompt was produced
/// @param admittedMs epoch milliseconds; the turn's place in its conversation
/// @param deadlineMs epoch milliseconds; nothing is computed after it
/// @param deliverByMs epoch milliseconds; the end is shown before it or never
/// @param cacheScope whose cached prefixes may serve this prompt
/// @param home worker, fingerprint and cached tokens of the conversation's last turn, or empty
/// @param traceparent W3C trace context, or empty
/// @param unknown fields of a newer minor version
public record Prompt(
    int schema,
    TurnRef ref,
    TurnRequest request,
    List<ChatMessage> messages,
    String gateway,
    long admittedMs,
    long deadlineMs,
    long deliverByMs,
    String cacheScope,
    String home,
    String traceparent,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> unknown) {

  /// The schema this build writes and the newest it reads.
  public static final int SCHEMA = 1;

  public Prompt {
    messages = List.copyOf(messages);
    unknown = unknown == null ? Map.of() : Map.copyOf(unknown);
  }

  /// The Kafka key.
  @JsonIgnore
  public String key() {
    return ref.toString();
  }
}
