package dev.parley.shared.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.Sampling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// Turns the body of `POST /v1/chat/completions` into a [ChatRequest] or the one error to answer.
///
/// A parameter that would change the answer and is not supported is refused by name; unknown ones
/// that do no harm are ignored, because clients send new ones every month.
public final class ChatRequestParser {
  private static final double MAX_TEMPERATURE = 2;
  private static final double MAX_MIN_P = 0.999;
  private static final long MAX_TOP_K = 1_000_000;

  /// Parameters that are not supported, with the values that change nothing and may be sent anyway.
  private static final Map<String, Predicate<JsonNode>> UNSUPPORTED =
      Map.ofEntries(
          Map.entry("n", node -> node.isIntegralNumber() && node.asLong() == 1),
          Map.entry("logprobs", node -> node.isBoolean() && !node.booleanValue()),
          Map.entry("top_logprobs", ChatRequestParser::isZero),
          Map.entry("logit_bias", JsonNode::isEmpty),
          Map.entry("frequency_penalty", ChatRequestParser::isZero),
          Map.entry("presence_penalty", ChatRequestParser::isZero),
          Map.entry("tools", JsonNode::isEmpty),
          Map.entry("tool_choice", node -> isWord(node, "none") || isWord(node, "auto")),
          Map.entry("functions", JsonNode::isEmpty),
          Map.entry("function_call", node -> isWord(node, "none") || isWord(node, "auto")),
          Map.entry("response_format", node -> isWord(node.path("type"), "text")),
          Map.entry("modalities", ChatRequestParser::isTextOnly),
          Map.entry("audio", node -> false),
          Map.entry("prediction", node -> false),
          Map.entry("web_search_options", node -> false));

  private final RequestLimits limits;
  private final StrictJson json;

  public ChatRequestParser(RequestLimits limits) {
    this.limits = limits;
    this.json = new StrictJson(limits);
  }

  /// @param defaults the options that the request may override, seed included
  public Parsed<ChatRequest> parse(byte[] body, Sampling defaults) {
    try {
      return new Parsed.Valid<>(read(json.object(body), defaults));
    } catch (InvalidRequest e) {
      return new Parsed.Invalid<>(e.error());
    }
  }

  private ChatRequest read(ObjectNode body, Sampling defaults) {
    Fields fields = new Fields(body, "");
    String model =
        fields
            .text("model")
            .orElseThrow(() -> InvalidRequest.field("model", "'model' is missing."));
    List<ChatMessage> messages = new MessageReader(limits).read(fields);
    refuseUnsupported(fields);
    boolean stream = fields.flag("stream");
    return new ChatRequest(
        model,
        messages,
        sampling(fields, defaults),
        stream,
        includeUsage(fields, stream),
        fields.text("user"));
  }

  private Sampling sampling(Fields fields, Sampling defaults) {
    long maxTokens =
        fields
            .integer("max_completion_tokens", 1, Long.MAX_VALUE)
            .or(() -> fields.integer("max_tokens", 1, Long.MAX_VALUE))
            .orElse((long) defaults.maxTokens());
    return new Sampling(
        (int) Math.min(maxTokens, limits.maxOutputTokens()),
        fields.number("temperature", 0, MAX_TEMPERATURE).orElse(defaults.temperature()),
        topP(fields, defaults),
        (int) (long) fields.integer("top_k", 0, MAX_TOP_K).orElse((long) defaults.topK()),
        fields.number("min_p", 0, MAX_MIN_P).orElse(defaults.minP()),
        fields.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE).orElse(defaults.seed()),
        stop(fields, defaults));
  }

  private static double topP(Fields fields, Sampling defaults) {
    double topP = fields.number("top_p", 0, 1).orElse(defaults.topP());
    if (topP == 0) {
      throw InvalidRequest.field("top_p", "'top_p' must be greater than 0 and at most 1.");
    }
    return topP;
  }

  private List<String> stop(Fields fields, Sampling defaults) {
    return fields.present("stop").map(node -> stopStrings(fields, node)).orElse(defaults.stop());
  }

  private List<String> stopStrings(Fields fields, JsonNode node) {
    if (!node.isTextual() && !node.isArray()) {
      throw fields.wrongType("stop", "a string or an array of strings", node);
    }
    List<String> stops = new ArrayList<>();
    for (JsonNode entry : node instanceof ArrayNode array ? array : List.of(node)) {
      stops.add(stopString(entry));
    }
    if (stops.size() > limits.maxStopStrings()) {
      throw InvalidRequest.field(
          "stop", "'stop' has more than %d strings.".formatted(limits.maxStopStrings()));
    }
    return stops;
  }

  private String stopString(JsonNode entry) {
    if (!entry.isTextual() || entry.textValue().isEmpty()) {
      throw InvalidRequest.field("stop", "Each stop string must be a string that is not empty.");
    }
    String stop = entry.textValue();
    if (stop.length() > limits.maxStopCharacters()) {
      throw InvalidRequest.field(
          "stop",
          "A stop string must not be longer than %d characters."
              .formatted(limits.maxStopCharacters()));
    }
    TextRules.fault(stop)
        .ifPresent(fault -> {
          throw InvalidRequest.field("stop", "A stop string " + fault + ".");
        });
    return stop;
  }

  private static boolean includeUsage(Fields fields, boolean stream) {
    JsonNode options = fields.present("stream_options").orElse(null);
    if (options == null) {
      return false;
    }
    if (!stream) {
      throw InvalidRequest.field(
          "stream_options", "'stream_options' is only allowed when 'stream' is true.");
    }
    if (!(options instanceof ObjectNode object)) {
      throw fields.wrongType("stream_options", "an object", options);
    }
    return new Fields(object, "stream_options.").flag("include_usage");
  }

  private static void refuseUnsupported(Fields fields) {
    UNSUPPORTED.keySet().stream()
        .sorted()
        .forEach(name ->
            fields
                .present(name)
                .filter(Predicate.not(UNSUPPORTED.get(name)))
                .ifPresent(node -> {
                  throw new InvalidRequest(
                      ApiError.invalid(
                          name,
                          "unsupported_parameter",
                          "'%s' is not supported by this server with this value.".formatted(name)));
                }));
  }

  private static boolean isZero(JsonNode node) {
    return node.isNumber() && node.doubleValue() == 0;
  }

  private static boolean isWord(JsonNode node, String word) {
    return node.isTextual() && node.textValue().equals(word);
  }

  private static boolean isTextOnly(JsonNode node) {
    return node.isArray() && node.size() == 1 && isWord(node.get(0), "text");
  }
}
