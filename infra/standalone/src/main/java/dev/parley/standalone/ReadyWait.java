package dev.parley.standalone;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Waits until every worker and the gateway say that they are ready, and tells the person at the
/// terminal what is still missing.
final class ReadyWait {
  private static final Duration ASK = Duration.ofSeconds(2);
  private static final long PAUSE_MILLIS = 100;
  private static final Duration REPORT_EVERY = Duration.ofSeconds(10);
  private static final int HOPELESS_RESTARTS = 3;

  private final List<Supervisor> children;
  private final List<Integer> ports;

  ReadyWait(List<Supervisor> children, List<Integer> ports) {
    this.children = children;
    this.ports = ports;
  }

  /// Returns when all are ready.
  ///
  /// @throws StartException when a child ends again and again
  void await() throws InterruptedException {
    long reported = System.nanoTime();
    try (var client = HttpClient.newBuilder().connectTimeout(ASK).build()) {
      for (var missing = missing(client); missing.isPresent(); missing = missing(client)) {
        failIfHopeless();
        if (System.nanoTime() - reported > REPORT_EVERY.toNanos()) {
          reported = System.nanoTime();
          System.err.println("Waiting: " + missing.get());
        }
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
    }
  }

  private Optional<String> missing(HttpClient client) throws InterruptedException {
    for (int port : ports) {
      var missing = missing(client, port);
      if (missing.isPresent()) {
        return missing;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> missing(HttpClient client, int port) throws InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready"))
            .timeout(ASK)
            .build();
    try {
      var response = client.send(request, HttpResponse.BodyHandlers.ofString());
      return response.statusCode() == 200
          ? Optional.empty()
          : Optional.of("port " + port + " says " + response.body());
    } catch (IOException e) {
      return Optional.of("nobody answers on port " + port + " yet");
    }
  }

  private void failIfHopeless() {
    for (var child : children) {
      if (child.restarts() >= HOPELESS_RESTARTS) {
        throw new StartException(
            child.child().name()
                + " ends again and again; its last lines:\n"
                + child.child().tail());
      }
    }
  }
}
