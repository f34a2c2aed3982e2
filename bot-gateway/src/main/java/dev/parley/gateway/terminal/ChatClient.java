package dev.parley.gateway.terminal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.shared.openai.SseEvent;
import dev.parley.shared.openai.SseParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/// One conversation with a gateway over HTTP. A connection that breaks is taken up again where it
/// was, since the turn goes on without it.
final class ChatClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration CANCEL_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration RECONNECT_PAUSE = Duration.ofMillis(500);

  /// Broken connections in a row before giving up: a gateway needs some seconds to be replaced.
  private static final int MAX_RECONNECTS = 60;

  private static final int ID_BYTES = 18;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final URI url;
  private final Optional<String> key;
  private final Options options;
  private final String conversation = randomId();
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT_TIMEOUT)
          .version(HttpClient.Version.HTTP_1_1)
          .build();

  ChatClient(URI url, Optional<String> key, Options options) {
    this.url = url;
    this.key = key;
    this.options = options;
  }

  static String randomId() {
    byte[] bytes = new byte[ID_BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// Sends a message under an id of the caller's.
  void send(String id, String text) throws ChatFailure, InterruptedException {
    ObjectNode body = JSON.createObjectNode();
    body.put("id", id).put("conversation", conversation).put("text", text);
    options.addTo(body);
    HttpRequest request =
        request("/api/turns").POST(HttpRequest.BodyPublishers.ofString(body.toString())).build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() >= 300) {
        throw failure(response.statusCode(), response.body());
      }
    } catch (ConnectException e) {
      throw unreachable();
    } catch (IOException e) {
      throw ChatFailure.noGateway(url + " does not speak HTTP as a Parley gateway does.");
    }
  }

  /// Follows an answer to its end.
  Ending follow(String id, AnswerPrinter printer) throws ChatFailure, InterruptedException {
    Optional<String> mark = Optional.empty();
    for (int failures = 0; failures < MAX_RECONNECTS; failures++) {
      try {
        Stream stream = open(id, mark);
        try (stream) {
          for (Optional<SseEvent> event = stream.next(); event.isPresent(); event = stream.next()) {
            failures = 0;
            mark = event.get().id().isPresent() ? event.get().id() : mark;
            Optional<Ending> end = printer.event(event.get().name(), read(event.get().data()));
            if (end.isPresent()) {
              return end.get();
            }
          }
        }
      } catch (IOException e) {
        printer.disturbed();
      }
      Thread.sleep(RECONNECT_PAUSE);
    }
    throw ChatFailure.noGateway("The connection to " + url + " is lost.");
  }

  /// Stops the answer; whether it worked shows in the answer's end.
  void cancel(String id) {
    HttpRequest request =
        request(turnPath(id) + "/cancel")
            .timeout(CANCEL_TIMEOUT)
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    try {
      http.send(request, HttpResponse.BodyHandlers.discarding());
    } catch (IOException e) {
      // Best effort: an answer nobody reads ends by its own limit.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private Stream open(String id, Optional<String> mark)
      throws IOException, ChatFailure, InterruptedException {
    HttpRequest.Builder request = request(turnPath(id) + "/events");
    mark.ifPresent(value -> request.header("Last-Event-ID", value));
    HttpResponse<InputStream> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    if (response.statusCode() >= 300) {
      try (var body = response.body()) {
        throw failure(
            response.statusCode(), new String(body.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return new Stream(
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8)));
  }

  private record Stream(BufferedReader lines, SseParser parser) implements AutoCloseable {
    Stream(BufferedReader lines) {
      this(lines, new SseParser());
    }

    /// The next event; empty when the stream has ended.
    Optional<SseEvent> next() throws IOException {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Optional<SseEvent> event = parser.line(line);
        if (event.isPresent()) {
          return event;
        }
      }
      return Optional.empty();
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }

  private String turnPath(String id) {
    return "/api/turns/" + conversation + "/" + id;
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve(path));
    key.ifPresent(value -> request.header("Authorization", "Bearer " + value));
    return request.header("Content-Type", "application/json");
  }

  private ChatFailure unreachable() {
    return ChatFailure.noGateway(
        "No gateway answers at %s. Start one with './parley up', or name another with --url."
            .formatted(url));
  }

  private static ChatFailure failure(int status, String body) {
    try {
      String sentence = JSON.readTree(body).at("/error/message").asText();
      if (!sentence.isEmpty()) {
        return ChatFailure.refused(sentence);
      }
    } catch (JsonProcessingException e) {
      // Not our error object: the status is all there is to say.
      return ChatFailure.refused("The server answered with status " + status + ".");
    }
    return ChatFailure.refused("The server answered with status " + status + ".");
  }

  private static JsonNode read(String json) throws IOException {
    return JSON.readTree(json);
  }
}
