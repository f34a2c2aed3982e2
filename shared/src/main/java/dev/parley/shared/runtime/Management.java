package dev.parley.shared.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.shared.config.HttpBind;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Map;

/// What operators and orchestrators see of a process: `/health/live`, `/health/ready` (503 and the
/// names of what is missing) and `/metrics`.
///
/// It is in `shared` because both programs serve the same three pages: the gateway on its own port
/// beside the rest, a worker on a server that has nothing else.
public final class Management {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Readiness readiness;
  private final Metrics metrics;

  public Management(Readiness readiness, Metrics metrics) {
    this.readiness = readiness;
    this.metrics = metrics;
  }

  /// Adds the three pages to a server's routes.
  public void addTo(HttpRouting.Builder routing) {
    routing.get(
        "/health/live", (request, response) -> json(response, Status.OK_200, Map.of("live", true)));
    routing.get("/health/ready", (request, response) -> ready(response));
    routing.get(
        "/metrics",
        (request, response) ->
            response
                .header(HeaderNames.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")
                .send(metrics.scrape()));
  }

  /// Starts a server with nothing but the three pages; its `port()` is the one that was taken.
  public HttpServer serve(HttpBind bind) {
    var routing = HttpRouting.builder();
    addTo(routing);
    return HttpServer.start(bind, routing);
  }

  private void ready(ServerResponse response) {
    List<String> missing = readiness.missing();
    json(
        response,
        missing.isEmpty() ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503,
        Map.of("ready", missing.isEmpty(), "missing", missing));
  }

  private static void json(ServerResponse response, Status status, Map<String, ?> body) {
    try {
      response
          .status(status)
          .header(HeaderNames.CONTENT_TYPE, "application/json")
          .header(HeaderNames.CACHE_CONTROL, "no-store")
          .send(JSON.writeValueAsBytes(body));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a map of booleans and strings is always JSON", e);
    }
  }
}
