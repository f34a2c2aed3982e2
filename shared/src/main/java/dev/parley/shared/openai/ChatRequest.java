package dev.parley.shared.openai;

import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.Sampling;
import java.util.List;
import java.util.Optional;

/// A valid request for a chat completion.
///
/// @param sampling the request's options over the server's defaults
/// @param stream answer as server-sent events
/// @param includeUsage end the stream with a chunk that counts tokens
/// @param user the client's name for its own end user, if sent
public record ChatRequest(
    String model,
    List<ChatMessage> messages,
    Sampling sampling,
    boolean stream,
    boolean includeUsage,
    Optional<String> user) {

  public ChatRequest {
    messages = List.copyOf(messages);
  }
}
