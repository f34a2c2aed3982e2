package dev.parley.gateway.web;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.gateway.chat.InboundMessage;
import dev.parley.gateway.testing.FakeTurns;
import dev.parley.shared.openai.SseEvent;
import dev.parley.shared.openai.SseParser;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.Sampling;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;

/// A running server over fake turns, and a client for it.
abstract class WebTest {
  static final Duration WAIT = Duration.ofSeconds(20);
  static final ObjectMapper JSON = new ObjectMapper();

  final FakeTurns turns = new FakeTurns();
  final HttpClient http = HttpClient.newHttpClient();
  WebServerModule server = start(settings(ApiKeys.none(), limits()));

  WebServerModule start(WebSettings settings) {
    return WebServerModule.start(settings, turns, () -> List.of("tiny"), routing -> {});
  }

  static WebSettings settings(ApiKeys keys, WebLimits limits) {
    return new WebSettings("127.0.0.1", 0, keys, Sampling.greedy(256), limits);
  }

  /// Fast heartbeats, so that a test need not wait long for one.
  static WebLimits limits() {
    WebLimits d = WebLimits.DEFAULTS;
    return new WebLimits(
        d.request(),
        d.maxMessageCharacters(),
        d.maxPendingCharacters(),
        Duration.ofMillis(100),
        Duration.ofMillis(200),
        d.maxConnections());
  }

  @AfterEach
  void stop() {
    http.shutdownNow();
    server.close();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpRequest.Builder posting(String path, String body) {
    return HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.ofString(body));
  }

  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return http.send(posting(path, body).build(), HttpResponse.BodyHandlers.ofString());
  }

  /// An open stream of events, read one at a time.
  final class Events implements AutoCloseable {
    final HttpResponse<Stream<String>> response;
    private final Iterator<String> lines;
    private final SseParser parser = new SseParser();

    Events(HttpRequest request) throws IOException, InterruptedException {
      response = http.send(request, HttpResponse.BodyHandlers.ofLines());
      lines = response.body().iterator();
    }

    SseEvent next() {
      while (lines.hasNext()) {
        Optional<SseEvent> event = parser.line(lines.next());
        if (event.isPresent()) {
          return event.get();
        }
      }
      throw new AssertionError("the stream ended");
    }

    boolean ended() {
      while (lines.hasNext()) {
        if (parser.line(lines.next()).isPresent()) {
          return false;
        }
      }
      return true;
    }

    @Override
    public void close() {
      response.body().close();
    }
  }

  Events stream(HttpRequest.Builder request) throws IOException, InterruptedException {
    return new Events(request.build());
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new AssertionError("not JSON: " + text, e);
    }
  }

  /// The n-th message that came in, once it did.
  InboundMessage message(int n) {
    await().atMost(WAIT).until(() -> turns.messages().size() > n);
    return turns.messages().get(n);
  }

  TurnRef turn(int n) {
    return message(n).ref();
  }
}
