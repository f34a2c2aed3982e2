package dev.parley.worker.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.TokenLogprob;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What one event of a streamed completion says.
///
/// @param text that it adds; empty for the first one, which only names the role, and for reasoning that
///     the server keeps apart
/// @param alive whether the model has said something, even if nothing of it is shown
/// @param logprobs of the tokens behind the text
/// @param end how the answer ended, in the event that says it
/// @param usage in the event that says it
record Chunk(
    String text,
    boolean alive,
    List<TokenLogprob> logprobs,
    Optional<EndReason> end,
    Optional<Counted> usage) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// @param promptTokens of them `cachedTokens` were not computed anew
  record Counted(int promptTokens, int cachedTokens, int completionTokens) {}

  /// @param data of an event, not `[DONE]`
  /// @throws FailedCall when it is an error, or nothing that such a server says
  static Chunk parse(String data) throws FailedCall {
    JsonNode node = read(data);
    if (!node.isObject()) {
      throw new FailedCall(Failure.nonsense("an event is not a JSON object"));
    }
    if (node.hasNonNull("error")) {
      throw new FailedCall(Failure.told(node.get("error")));
    }
    JsonNode choice = node.path("choices").path(0);
    JsonNode delta = choice.path("delta");
    String text = delta.path("content").asText("");
    boolean reasons =
        !delta.path("reasoning_content").asText("").isEmpty()
            || !delta.path("reasoning").asText("").isEmpty();
    Optional<EndReason> end = end(choice.path("finish_reason"));
    List<TokenLogprob> logprobs = logprobs(choice.path("logprobs").path("content"));
    return new Chunk(
        text,
        !text.isEmpty() || !logprobs.isEmpty() || reasons || end.isPresent(),
        logprobs,
        end,
        usage(node.path("usage")));
  }

  private static JsonNode read(String data) throws FailedCall {
    try {
      return JSON.readTree(data);
    } catch (JsonProcessingException e) {
      // Its message would quote the answer.
      throw new FailedCall(Failure.nonsense("an event is not JSON"));
    }
  }

  /// What is neither `length` nor a failure ended by the model's or the server's own will.
  private static Optional<EndReason> end(JsonNode reason) throws FailedCall {
    return switch (reason.asText("")) {
      case "" -> Optional.empty();
      case "length" -> Optional.of(EndReason.LENGTH);
      case "abort", "error" ->
          throw new FailedCall(Failure.cut("finish_reason " + reason.asText("")));
      default -> Optional.of(EndReason.STOP);
    };
  }

  private static Optional<Counted> usage(JsonNode usage) {
    return usage.isObject()
        ? Optional.of(
            new Counted(
                usage.path("prompt_tokens").asInt(),
                usage.path("prompt_tokens_details").path("cached_tokens").asInt(),
                usage.path("completion_tokens").asInt()))
        : Optional.empty();
  }

  private static List<TokenLogprob> logprobs(JsonNode content) {
    List<TokenLogprob> logprobs = new ArrayList<>();
    for (JsonNode token : content) {
      List<TokenLogprob> top = new ArrayList<>();
      token.path("top_logprobs").forEach(best -> top.add(logprob(best, List.of())));
      logprobs.add(logprob(token, top));
    }
    return logprobs;
  }

  private static TokenLogprob logprob(JsonNode token, List<TokenLogprob> top) {
    return new TokenLogprob(bytes(token), token.path("logprob").asDouble(), top);
  }

  /// Servers without `bytes` tell the text alone.
  private static List<Integer> bytes(JsonNode token) {
    List<Integer> bytes = new ArrayList<>();
    if (token.path("bytes").isArray()) {
      token.path("bytes").forEach(b -> bytes.add(b.asInt() & 0xff));
    } else {
      for (byte b : token.path("token").asText("").getBytes(StandardCharsets.UTF_8)) {
        bytes.add(Byte.toUnsignedInt(b));
      }
    }
    return bytes;
  }
}
