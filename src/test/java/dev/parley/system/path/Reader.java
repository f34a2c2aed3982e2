package dev.parley.system.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.shared.openai.SseEvent;
import dev.parley.shared.openai.SseParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// One who watches an answer grow, as a browser does: it comes back when the connection is cut, with
/// what it has. Everything it was shown is kept.
final class Reader {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration READ_LIMIT = Duration.ofMinutes(3);
  private static final Duration COME_BACK = Duration.ofMillis(200);

  private final List<URI> addresses;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<String> shown = new ArrayList<>(List.of(""));
  private final List<JsonNode> ends = new ArrayList<>();
  private Optional<String> mark = Optional.empty();
  private int restarts;
  private int connections;

  private Reader(List<URI> addresses) {
    this.addresses = List.copyOf(addresses);
  }

  /// @param addresses of the same turn's events, taken in turn when a connection is cut
  static Reader start(List<URI> addresses) {
    Reader reader = new Reader(addresses);
    Thread.ofVirtual().name("reader").start(reader::run);
    return reader;
  }

  /// What stands there now.
  String text() {
    return locked(shown::getLast);
  }

  /// How often the text began anew.
  int restarts() {
    return locked(() -> restarts);
  }

  /// Waits until so many words stand there.
  void awaitWords(int words) {
    await("words shown")
        .atMost(Cluster.LIMIT)
        .until(() -> text().isEmpty() ? 0 : text().split(" ").length, count -> count >= words);
  }

  /// Waits for the end; the turn must have ended once.
  JsonNode awaitEnd() {
    await("the end of the answer; shown so far: " + text())
        .atMost(READ_LIMIT)
        .until(() -> locked(() -> !ends.isEmpty()));
    return locked(() -> {
      assertThat(ends).hasSize(1);
      return ends.getFirst();
    });
  }

  /// Waits for an end that is an answer, and checks that everything shown was its beginning.
  String awaitAnswer() {
    JsonNode end = awaitEnd();
    String answer = text();
    assertThat(end.get("answered").booleanValue()).as("answered: " + end).isTrue();
    locked(() -> {
      assertThat(shown).allSatisfy(piece -> assertThat(answer).startsWith(piece));
      return "";
    });
    return answer;
  }

  private void run() {
    await("the end of a turn")
        .atMost(READ_LIMIT.multipliedBy(2))
        .pollInterval(COME_BACK)
        .until(this::readOnce);
  }

  /// One connection.
  ///
  /// @return whether the turn ended
  private boolean readOnce() {
    URI address = addresses.get(connections++ % addresses.size());
    try {
      var request = HttpRequest.newBuilder(address);
      locked(() -> mark).ifPresent(value -> request.header("Last-Event-ID", value));
      var reply = HTTP.send(request.build(), BodyHandlers.ofLines());
      try (var lines = reply.body()) {
        if (reply.statusCode() == 200) {
          read(lines.iterator());
        }
      }
    } catch (IOException | UncheckedIOException e) {
      // Cut, or nobody there: it comes back, as a browser does.
      return locked(() -> !ends.isEmpty());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return locked(() -> !ends.isEmpty());
  }

  private void read(Iterator<String> lines) {
    SseParser parser = new SseParser();
    while (lines.hasNext()) {
      parser.line(lines.next()).ifPresent(event -> locked(() -> take(event)));
    }
  }

  private boolean take(SseEvent event) {
    JsonNode data = json(event.data());
    event.id().ifPresent(id -> mark = Optional.of(id));
    switch (event.name()) {
      case "snapshot" -> show(data.get("from").intValue(), data.get("text").textValue());
      case "text" -> show(data.get("at").intValue(), data.get("text").textValue());
      case "restart" -> {
        restarts++;
        shown.add(data.get("text").textValue());
      }
      case "end" -> ends.add(data);
      default -> {
        // A place in the queue, or something of a later version: no text.
      }
    }
    return true;
  }

  private void show(int at, String added) {
    String before = shown.getLast();
    if (at > before.length()) {
      throw new IllegalStateException("a hole: " + before.length() + " shown, next at " + at);
    }
    shown.add(before.substring(0, at) + added);
  }

  private <T> T locked(java.util.function.Supplier<T> body) {
    lock.lock();
    try {
      return body.get();
    } finally {
      lock.unlock();
    }
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not JSON: " + text, e);
    }
  }
}
