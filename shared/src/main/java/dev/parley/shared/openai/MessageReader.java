package dev.parley.shared.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.shared.wire.ChatMessage;
import java.util.ArrayList;
import java.util.List;

/// Reads the `messages` of a request: known roles, text contents, within the limits.
final class MessageReader {
  private final RequestLimits limits;
  private long characters;

  MessageReader(RequestLimits limits) {
    this.limits = limits;
  }

  List<ChatMessage> read(Fields request) {
    JsonNode node =
        request
            .present("messages")
            .orElseThrow(() ->
                InvalidRequest.field("messages", "'messages' is missing: send at least one."));
    if (!(node instanceof ArrayNode array)) {
      throw request.wrongType("messages", "an array", node);
    }
    if (array.isEmpty()) {
      throw InvalidRequest.field("messages", "'messages' is empty: send at least one.");
    }
    if (array.size() > limits.maxMessages()) {
      throw InvalidRequest.field(
          "messages",
          "'messages' has %d entries; at most %d are accepted. Leave out the oldest."
              .formatted(array.size(), limits.maxMessages()));
    }
    List<ChatMessage> messages = new ArrayList<>(array.size());
    for (JsonNode entry : array) {
      messages.add(message(entry, "messages[" + messages.size() + "]"));
    }
    return messages;
  }

  private ChatMessage message(JsonNode entry, String path) {
    if (!(entry instanceof ObjectNode object)) {
      throw InvalidRequest.field(
          path, "'%s' must be an object, not %s.".formatted(path, Fields.kind(entry)));
    }
    Fields fields = new Fields(object, path + ".");
    String role = role(fields);
    for (String name : List.of("tool_calls", "function_call", "audio")) {
      if (fields.present(name).filter(node -> !node.isEmpty()).isPresent()) {
        throw unsupported(fields.path(name));
      }
    }
    String content = content(fields);
    if (role.equals("user") && content.isBlank()) {
      throw InvalidRequest.field(fields.path("content"), "A user message must not be empty.");
    }
    return ChatMessage.of(role, content);
  }

  private static String role(Fields fields) {
    String role =
        fields
            .text("role")
            .orElseThrow(() ->
                InvalidRequest.field(
                    fields.path("role"), "'%s' is missing.".formatted(fields.path("role"))));
    return switch (role) {
      case "system", "user", "assistant" -> role;
      case "developer" -> "system";
      case "tool", "function" -> throw unsupported(fields.path("role"));
      default ->
          throw InvalidRequest.field(
              fields.path("role"),
              "'%s' must be system, developer, user or assistant.".formatted(fields.path("role")));
    };
  }

  private String content(Fields fields) {
    String path = fields.path("content");
    JsonNode node =
        fields
            .present("content")
            .orElseThrow(() -> InvalidRequest.field(path, "'%s' is missing.".formatted(path)));
    String content =
        node instanceof ArrayNode parts ? parts(parts, path) : fields.text("content").orElse("");
    TextRules.fault(content)
        .ifPresent(fault -> {
          throw InvalidRequest.field(path, "'%s' %s.".formatted(path, fault));
        });
    characters += content.length();
    if (characters > limits.maxPromptCharacters()) {
      throw new InvalidRequest(
          ApiError.invalid(
              "messages",
              "context_length_exceeded",
              "The messages together are longer than %d characters."
                  .formatted(limits.maxPromptCharacters())));
    }
    return content;
  }

  private static String parts(ArrayNode parts, String path) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < parts.size(); i++) {
      String partPath = path + "[" + i + "]";
      if (!(parts.get(i) instanceof ObjectNode part)) {
        throw InvalidRequest.field(
            partPath,
            "'%s' must be an object, not %s.".formatted(partPath, Fields.kind(parts.get(i))));
      }
      Fields fields = new Fields(part, partPath + ".");
      String type = fields.text("type").orElse("");
      if (!type.equals("text")) {
        throw InvalidRequest.field(
            fields.path("type"), "Only content parts of type 'text' are supported by this server.");
      }
      text.append(
          fields
              .text("text")
              .orElseThrow(() ->
                  InvalidRequest.field(
                      fields.path("text"), "'%s' is missing.".formatted(fields.path("text")))));
    }
    return text.toString();
  }

  private static InvalidRequest unsupported(String path) {
    return new InvalidRequest(
        ApiError.invalid(
            path, "unsupported_parameter", "'%s': tools are not supported here.".formatted(path)));
  }
}
