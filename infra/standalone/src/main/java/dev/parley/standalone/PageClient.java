package dev.parley.standalone;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.Map;
import java.util.UUID;

/// Calls a gateway as the chat page does.
public final class PageClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int ACCEPTED = 202;

  private final URI gateway;

  public PageClient(URI gateway) {
    this.gateway = gateway;
  }

  /// A message of one who asks on this machine.
  ///
  /// @param id chosen by the client
  public record Message(String conversation, String id, String text) {
    /// A message in a conversation of its own.
    public static Message of(String text) {
      return new Message(freshId(), freshId(), text);
    }

    /// Its turn.
    public TurnRef ref() {
      return InboundMessage.refOf("web:local:" + conversation, id);
    }

    /// The path of its events, on any gateway.
    public String events() {
      return path() + "/events";
    }

    private String path() {
      return "/api/turns/" + conversation + "/" + id;
    }
  }

  /// The gateway's answer to a request.
  public record Reply(int status, JsonNode body) {
    /// @throws IllegalStateException when the message was not taken
    public void mustBeAccepted() {
      if (status != ACCEPTED) {
        throw new IllegalStateException("refused: " + this);
      }
    }
  }

  /// An id of a conversation or a message.
  public static String freshId() {
    return UUID.randomUUID().toString();
  }

  /// Sends a message.
  ///
  /// @param settings of its answer, such as `max_tokens`
  public Reply submit(Message message, Map<String, ?> settings) {
    ObjectNode body = JSON.valueToTree(settings);
    body.put("id", message.id());
    body.put("conversation", message.conversation());
    body.put("text", message.text());
    return post("/api/turns", body);
  }

  /// Stops the answer to a message.
  public Reply cancel(Message message) {
    return post(message.path() + "/cancel", JSON.createObjectNode());
  }

  /// The conversation's exchanges as the page shows them after a reload.
  public JsonNode history(String conversation) {
    return reply(HttpRequest.newBuilder(gateway.resolve("/api/conversations/" + conversation)))
        .body()
        .get("exchanges");
  }

  private Reply post(String path, JsonNode body) {
    return reply(
        HttpRequest.newBuilder(gateway.resolve(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString())));
  }

  private Reply reply(HttpRequest.Builder request) {
    try {
      var reply = HTTP.send(request.timeout(LIMIT).build(), BodyHandlers.ofString());
      return new Reply(reply.statusCode(), JSON.readTree(reply.body()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not JSON", e);
    } catch (IOException e) {
      throw new UncheckedIOException(gateway + " does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
