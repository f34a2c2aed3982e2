package dev.parley.gateway.web;

import dev.parley.shared.openai.ApiError;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import java.nio.charset.StandardCharsets;

/// What the server itself refuses before any route sees it (malformed HTTP, unknown encodings), in
/// the form of our other errors.
final class TransportErrors implements DirectHandler {
  private TransportErrors() {}

  static DirectHandlers handlers() {
    DirectHandlers.Builder handlers = DirectHandlers.builder();
    for (EventType type : EventType.values()) {
      handlers.addHandler(type, new TransportErrors());
    }
    return handlers.build();
  }

  @Override
  public TransportResponse handle(
      TransportRequest request,
      EventType type,
      Status status,
      ServerResponseHeaders headers,
      String message) {
    int code = Math.max(400, status.code());
    ApiError error =
        code < 500
            ? ApiError.failed(code, "bad_request", "The request is not HTTP that is served here.")
            : ApiError.failed(code, "internal_error", "Something went wrong here; it is logged.");
    return TransportResponse.builder()
        .status(Status.create(code))
        .headers(headers)
        .header(HeaderNames.CONTENT_TYPE, "application/json; charset=utf-8")
        .keepAlive(false)
        .entity(error.toJson().getBytes(StandardCharsets.UTF_8))
        .build();
  }
}
