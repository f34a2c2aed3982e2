package dev.parley.gateway.web;

import dev.parley.gateway.chat.InboundMessage;
import dev.parley.shared.openai.ApiError;
import dev.parley.shared.openai.Fields;
import dev.parley.shared.openai.InvalidRequest;
import dev.parley.shared.openai.SamplingReader;
import dev.parley.shared.openai.StrictJson;
import dev.parley.shared.openai.TextRules;
import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.ReplyAddress;
import dev.parley.shared.wire.Sampling;
import dev.parley.shared.wire.TurnRequest;
import java.util.List;
import java.util.regex.Pattern;

/// Reads what the page sends: `{"id", "conversation", "text"}` and, from the terminal, options by the
/// names of the OpenAI API.
final class PageMessageParser {
  /// Random ids made by the client; long enough that nobody guesses a conversation.
  private static final Pattern CLIENT_ID = Pattern.compile("[A-Za-z0-9_-]{16,64}");

  private final WebLimits limits;
  private final StrictJson json;

  PageMessageParser(WebLimits limits) {
    this.limits = limits;
    this.json = new StrictJson(limits.request());
  }

  /// @throws InvalidRequest when the message cannot be taken as it is
  InboundMessage parse(byte[] body, String tenant, Sampling defaults) {
    Fields fields = new Fields(json.object(body), "");
    String conversation = conversation(tenant, fields.requiredText("conversation"));
    return new InboundMessage(
        conversation,
        messageId(fields.requiredText("id")),
        new TurnRequest(
            tenant,
            conversation,
            Lane.INTERACTIVE,
            new ReplyAddress(ReplyAddress.WEB, ""),
            List.of(ChatMessage.user(text(fields.requiredText("text")))),
            true,
            SamplingReader.read(fields, defaults, limits.request())));
  }

  /// The conversation's name in the whole system: another tenant that learns the id gets another one.
  static String conversation(String tenant, String id) {
    return "web:" + tenant + ":" + clientId("conversation", id);
  }

  static String messageId(String id) {
    return clientId("id", id);
  }

  private String text(String text) {
    if (text.isBlank()) {
      throw InvalidRequest.field("text", "The message is empty.");
    }
    if (text.length() > limits.maxMessageCharacters()) {
      throw new InvalidRequest(
          ApiError.invalid(
              "text",
              "context_length_exceeded",
              "The message has %,d characters; at most %,d fit."
                  .formatted(text.length(), limits.maxMessageCharacters())));
    }
    TextRules.fault(text)
        .ifPresent(fault -> {
          throw InvalidRequest.field("text", "The message " + fault + ".");
        });
    return text;
  }

  private static String clientId(String name, String id) {
    if (!CLIENT_ID.matcher(id).matches()) {
      throw InvalidRequest.field(
          name, "'%s' must be 16 to 64 of A-Z a-z 0-9 _ and -.".formatted(name));
    }
    return id;
  }
}
