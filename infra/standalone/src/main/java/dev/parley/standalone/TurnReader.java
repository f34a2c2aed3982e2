package dev.parley.standalone;

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
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Reads a turn's events until its end as the page does behind a load balancer: when the connection is cut it comes
/// back, to the next gateway, with the mark of what it was told.
public final class TurnReader {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final int OK = 200;

  /// It comes back for so long.
  private static final Duration LIMIT = Duration.ofMinutes(6);

  /// Is told each event, on the reader's thread.
  @FunctionalInterface
  public interface Listener {
    /// @param name `snapshot`, `text`, `restart`, `end` or another
    void onEvent(String name, JsonNode data);
  }

  /// How long it waits before it comes back: twice as long each time that nobody was there, up to the last.
  public record Pauses(Duration first, Duration last) {
    private Duration after(Duration pause) {
      Duration doubled = pause.multipliedBy(2);
      return doubled.compareTo(last) < 0 ? doubled : last;
    }
  }

  private final List<URI> addresses;
  private final Pauses pauses;
  private final Listener listener;
  private Optional<String> mark = Optional.empty();
  private boolean ended;

  private TurnReader(List<URI> addresses, Pauses pauses, Listener listener) {
    this.addresses = List.copyOf(addresses);
    this.pauses = pauses;
    this.listener = listener;
  }

  /// Begins to read.
  ///
  /// @param addresses of the same turn's events, taken in turn
  public static void start(List<URI> addresses, Pauses pauses, Listener listener) {
    var _ = Threads.start("turn-reader", new TurnReader(addresses, pauses, listener)::run);
  }

  private void run() {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    Duration pause = pauses.first();
    try {
      for (int i = 0; System.nanoTime() < deadline; i++) {
        if (readOnce(addresses.get(i % addresses.size()))) {
          pause = pauses.first();
        }
        if (ended) {
          return;
        }
        TimeUnit.NANOSECONDS.sleep(pause.toNanos());
        pause = pauses.after(pause);
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
      mark.ifPresent(value -> request.header("Last-Event-ID", value));
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

  private void take(SseEvent event) {
    event.id().ifPresent(id -> mark = Optional.of(id));
    listener.onEvent(event.name(), json(event.data()));
    ended |= event.name().equals("end");
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not JSON: " + text, e);
    }
  }
}
