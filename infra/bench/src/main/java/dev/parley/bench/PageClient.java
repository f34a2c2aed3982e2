package dev.parley.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.gateway.chat.InboundMessage;
import dev.parley.shared.turn.TurnRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.UUID;

/// Sends messages as the chat page does, each in a conversation of its own.
final class PageClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int OK = 200;
  private static final int ACCEPTED = 202;

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI gateway;

  PageClient(URI gateway) {
    this.gateway = gateway;
  }

  /// A message that was taken.
  ///
  /// @param path of the turn, on any gateway
  record Sent(TurnRef ref, String path) {
    /// The path of its stream.
    String events() {
      return path + "/events";
    }
  }

  /// Sends a message, which must be taken.
  Sent send(String text, int maxTokens) throws InterruptedException {
    String conversation = UUID.randomUUID().toString();
    String id = UUID.randomUUID().toString();
    ObjectNode body = JSON.createObjectNode();
    body.put("id", id);
    body.put("conversation", conversation);
    body.put("text", text);
    body.put("max_tokens", maxTokens);
    post("/api/turns", body.toString(), ACCEPTED);
    return new Sent(
        InboundMessage.refOf("web:local:" + conversation, id),
        "/api/turns/" + conversation + "/" + id);
  }

  /// Stops the answer to a message.
  void cancel(Sent sent) throws InterruptedException {
    post(sent.path() + "/cancel", "{}", OK);
  }

  private void post(String path, String body, int wanted) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(gateway.resolve(path))
            .header("Content-Type", "application/json")
            .timeout(LIMIT)
            .POST(BodyPublishers.ofString(body))
            .build();
    try {
      var reply = http.send(request, BodyHandlers.ofString());
      if (reply.statusCode() != wanted) {
        throw new IllegalStateException(
            path + " was answered " + reply.statusCode() + ": " + reply.body());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(gateway + " does not answer", e);
    }
  }
}
