package dev.parley.shared.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.Sampling;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// Turns the body of `POST /v1/chat/completions` into a [ChatRequest] or the one error to answer.
///
/// A parameter that would change the answer and is not supported is refused by name; unknown ones
/// that do no harm are ignored, because clients send new ones every month.
public final class ChatRequestParser {
  /// Parameters that are not supported, with the values that change nothing and may be sent anyway.
  private static final Map<String, Predicate<JsonNode>> UNSUPPORTED =
      Map.ofEntries(
          Map.entry("tools", JsonNode::isEmpty),
          Map.entry("tool_choice", node -> isWord(node, "none") || isWord(node, "auto")),
          Map.entry("functions", JsonNode::isEmpty),
          Map.entry("function_call", node -> isWord(node, "none") || isWord(node, "auto")),
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
    String model = fields.requiredText("model");
    List<ChatMessage> messages = new MessageReader(limits).read(fields);
    refuseUnsupported(fields);
    boolean stream = fields.flag("stream");
    return new ChatRequest(
        model,
        messages,
        SamplingReader.read(fields, defaults, limits)
            .change()
            .logprobs(ControlsReader.logprobs(fields))
            .build(),
        (int) (long) fields.integer("n", 1, ChatRequest.MAX_CHOICES).orElse(1L),
        stream,
        includeUsage(fields, stream),
        fields.text("user"));
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

  private static boolean isWord(JsonNode node, String word) {
    return node.isTextual() && node.textValue().equals(word);
  }

  private static boolean isTextOnly(JsonNode node) {
    return node.isArray() && node.size() == 1 && isWord(node.get(0), "text");
  }
}
