package dev.parley.system.path;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.gateway.chat.InboundMessage;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.Sampling;
import dev.parley.standalone.Node;
import dev.parley.worker.engine.FakeEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// One conversation through a gateway's page API, with what the fake engine is to answer.
final class Chat {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration REQUEST_LIMIT = Duration.ofSeconds(60);

  /// What the gateway puts before a conversation when nothing else is set.
  private static final String SYSTEM = "You are a helpful assistant.";

  private static final int MAX_TOKENS = 4000;
  private static final long SEED = 7;

  private final URI gateway;
  private final String conversation;

  private final int maxTokens;

  private Chat(URI gateway, String conversation, int maxTokens) {
    this.gateway = gateway;
    this.conversation = conversation;
    this.maxTokens = maxTokens;
  }

  static Chat with(URI gateway) {
    return new Chat(gateway, freshId(), MAX_TOKENS);
  }

  /// The same conversation through another gateway.
  Chat through(Node other) {
    return new Chat(other.url(), conversation, maxTokens);
  }

  /// The same conversation with shorter answers.
  Chat limitedTo(int tokens) {
    return new Chat(gateway, conversation, tokens);
  }

  static String freshId() {
    return UUID.randomUUID().toString();
  }

  /// A message under an id of its client.
  record Message(String id, String text) {}

  /// The gateway's answer to a request.
  record Reply(int status, JsonNode body) {}

  /// Sends a message that must be accepted, and reads its answer.
  Sent send(String text) {
    Message message = new Message(freshId(), text);
    Reply reply = submit(message);
    if (reply.status() != 202) {
      throw new IllegalStateException("refused: " + reply);
    }
    return sent(message);
  }

  Sent sent(Message message) {
    return new Sent(ref(message), follow(message));
  }

  /// A turn and one that reads it.
  record Sent(TurnRef ref, Reader reader) {
    /// Waits for the end, checks that it was an answer and returns it.
    String answer() {
      return reader.awaitAnswer();
    }
  }

  TurnRef ref(Message message) {
    return InboundMessage.refOf("web:local:" + conversation, message.id());
  }

  Reply submit(Message message) {
    ObjectNode body = JSON.createObjectNode();
    body.put("id", message.id());
    body.put("conversation", conversation);
    body.put("text", message.text());
    body.put("seed", SEED);
    body.put("temperature", 0);
    body.put("max_tokens", maxTokens);
    return post("/api/turns", body);
  }

  Reader follow(Message message) {
    return Reader.start(
        List.of(gateway.resolve("/api/turns/" + conversation + "/" + message.id() + "/events")));
  }

  Reply cancel(Message message) {
    return post(
        "/api/turns/" + conversation + "/" + message.id() + "/cancel", JSON.createObjectNode());
  }

  /// The conversation's exchanges as the page shows them after a reload.
  JsonNode history() {
    return reply(HttpRequest.newBuilder(gateway.resolve("/api/conversations/" + conversation)))
        .body()
        .get("exchanges");
  }

  Reply post(String path, JsonNode body) {
    return reply(
        HttpRequest.newBuilder(gateway.resolve(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString())));
  }

  private static Reply reply(HttpRequest.Builder request) {
    try {
      HttpResponse<String> reply =
          HTTP.send(request.timeout(REQUEST_LIMIT).build(), BodyHandlers.ofString());
      return new Reply(reply.statusCode(), JSON.readTree(reply.body()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not JSON", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// The answer of an uninterrupted fake engine to the last of these texts: user and assistant in turn,
  /// beginning with the user.
  static String expected(String... texts) {
    List<ChatMessage> messages = new ArrayList<>();
    messages.add(ChatMessage.system(SYSTEM));
    for (int i = 0; i < texts.length; i++) {
      messages.add(new ChatMessage(i % 2 == 0 ? "user" : "assistant", texts[i], List.of(), ""));
    }
    return FakeEngine.expectedText(
        messages, new Sampling(MAX_TOKENS, 0, 0.95, 40, 0.05, SEED, List.of()));
  }
}
