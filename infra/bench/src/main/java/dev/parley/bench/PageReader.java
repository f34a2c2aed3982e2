package dev.parley.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.standalone.TurnReader;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Watches an answer grow on the page, and writes down when.
final class PageReader {
  /// The page's own pauses before it comes back.
  private static final TurnReader.Pauses PAUSES =
      new TurnReader.Pauses(Duration.ofMillis(400), Duration.ofSeconds(5));

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final long LOOK_MS = 5;

  private final List<Long> grown = new ArrayList<>();
  private int shown;
  private int restarts;
  private boolean ended;

  private PageReader() {}

  /// @param addresses of the same turn's events, taken in turn
  static PageReader start(List<URI> addresses) {
    PageReader reader = new PageReader();
    TurnReader.start(addresses, PAUSES, reader::take);
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

  private synchronized void take(String event, JsonNode data) {
    switch (event) {
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
}
