package dev.parley.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.shared.openai.SseEvent;
import dev.parley.shared.openai.SseParser;
import dev.parley.shared.runtime.Threads;
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
import java.util.concurrent.TimeUnit;

/// Watches an answer grow as the page does behind a load balancer: when its connection is cut it comes
/// back to the next gateway, after the page's pauses, with the page's mark.
final class PageReader {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final int OK = 200;

  /// The page's own pauses before it comes back.
  private static final Duration FIRST_RETRY = Duration.ofMillis(400);

  private static final Duration LAST_RETRY = Duration.ofSeconds(5);
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final long LOOK_MS = 5;

  private final List<URI> addresses;
  private final List<Long> grown = new ArrayList<>();
  private int shown;
  private int restarts;
  private boolean ended;
  private Optional<String> mark = Optional.empty();

  private PageReader(List<URI> addresses) {
    this.addresses = List.copyOf(addresses);
  }

  /// @param addresses of the same turn's events, taken in turn
  static PageReader start(List<URI> addresses) {
    PageReader reader = new PageReader(addresses);
    var _ = Threads.start("page-reader", reader::run);
    return reader;
  }

  /// When the visible text grew, each time; of [System#nanoTime].
  synchronized List<Long> grown() {
    return List.copyOf(grown);
  }

  /// How often the text began anew.
  synchronized int restarts() {
    return restarts;
  }

  private synchronized boolean ended() {
    return ended;
  }

  private synchronized Optional<String> mark() {
    return mark;
  }

  /// Waits until the text has grown so many times since a moment.
  void awaitGrown(int times, long sinceNanos) throws InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (grown().stream().filter(at -> at >= sinceNanos).count() < times) {
      if (ended() || System.nanoTime() > deadline) {
        throw new IllegalStateException(
            ended() ? "the answer ended too early" : "the answer does not go on");
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MS);
    }
  }

  private void run() {
    Duration pause = FIRST_RETRY;
    try {
      for (int i = 0; !ended(); i++) {
        if (readOnce(addresses.get(i % addresses.size()))) {
          pause = FIRST_RETRY;
        }
        if (!ended()) {
          TimeUnit.NANOSECONDS.sleep(pause.toNanos());
          pause =
              pause.multipliedBy(2).compareTo(LAST_RETRY) < 0 ? pause.multipliedBy(2) : LAST_RETRY;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// One connection.
  ///
  /// @return whether there was one
  private boolean readOnce(URI address) throws InterruptedException {
    try {
      var request = HttpRequest.newBuilder(address);
      mark().ifPresent(value -> request.header("Last-Event-ID", value));
      var reply = HTTP.send(request.build(), BodyHandlers.ofLines());
      try (var lines = reply.body()) {
        if (reply.statusCode() != OK) {
          return false;
        }
        read(lines.iterator());
        return true;
      }
    } catch (IOException e) {
      // Nobody there: it comes back.
      return false;
    } catch (UncheckedIOException e) {
      // Cut while it read: it comes back.
      return true;
    }
  }

  private void read(Iterator<String> lines) {
    SseParser parser = new SseParser();
    while (lines.hasNext()) {
      parser.line(lines.next()).ifPresent(this::take);
    }
  }

  private synchronized void take(SseEvent event) {
    JsonNode data = json(event.data());
    event.id().ifPresent(id -> mark = Optional.of(id));
    switch (event.name()) {
      case "snapshot" -> grow(data.path("from").asInt() + data.path("text").asText().length());
      case "text" -> grow(data.path("at").asInt() + data.path("text").asText().length());
      case "restart" -> {
        restarts++;
        shown = 0;
        grow(data.path("text").asText().length());
      }
      case "end" -> ended = true;
      default -> {
        // A place in the queue: no text.
      }
    }
  }

  private void grow(int length) {
    if (length > shown) {
      shown = length;
      grown.add(System.nanoTime());
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
