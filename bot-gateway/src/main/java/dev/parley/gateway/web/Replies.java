package dev.parley.gateway.web;

import dev.parley.shared.openai.ApiError;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;

/// Whole responses: JSON and errors.
final class Replies {
  private static final String JSON = "application/json; charset=utf-8";

  private Replies() {}

  static void json(ServerResponse response, int status, String body) {
    response
        .status(Status.create(status))
        .header(HeaderNames.CONTENT_TYPE, JSON)
        .header(HeaderNames.CACHE_CONTROL, "no-store")
        .send(body.getBytes(StandardCharsets.UTF_8));
  }

  static void error(ServerResponse response, ApiError error) {
    error
        .retryAfterSeconds()
        .ifPresent(seconds -> response.header(HeaderNames.RETRY_AFTER, seconds));
    if (error.status() == 413) {
      // The rest of the body will not be read.
      response.header(HeaderNames.CONNECTION, "close");
    }
    json(response, error.status(), error.toJson());
  }
}
