package dev.parley.system.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.standalone.TurnReader;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// One who watches an answer grow, as a browser does. Everything it was shown is kept.
final class Reader {
  private static final Duration READ_LIMIT = Duration.ofMinutes(3);
  private static final TurnReader.Pauses PAUSES =
      new TurnReader.Pauses(Duration.ofMillis(200), Duration.ofMillis(200));

  private final ReentrantLock lock = new ReentrantLock();
  private final List<String> shown = new ArrayList<>(List.of(""));
  private final List<JsonNode> ends = new ArrayList<>();
  private int restarts;

  private Reader() {}

  /// @param addresses of the same turn's events, taken in turn when a connection is cut
  static Reader start(List<URI> addresses) {
    Reader reader = new Reader();
    TurnReader.start(
        addresses, PAUSES, (event, data) -> reader.locked(() -> reader.take(event, data)));
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

  private boolean take(String event, JsonNode data) {
    switch (event) {
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

  private <T> T locked(Supplier<T> body) {
    lock.lock();
    try {
      return body.get();
    } finally {
      lock.unlock();
    }
  }
}
