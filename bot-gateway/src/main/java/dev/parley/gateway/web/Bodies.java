package dev.parley.gateway.web;

import dev.parley.shared.openai.ApiError;
import dev.parley.shared.openai.InvalidRequest;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;

/// Reads a request's body without trusting its length.
final class Bodies {
  private Bodies() {}

  /// @throws InvalidRequest when it is larger than allowed or compressed
  static byte[] read(ServerRequest request, int maxBytes) {
    if (request.headers().contains(HeaderNames.CONTENT_ENCODING)) {
      throw new InvalidRequest(
          new ApiError(
              415,
              "invalid_request_error",
              Optional.of("unsupported_encoding"),
              Optional.empty(),
              "Send the body without Content-Encoding.",
              Duration.ZERO));
    }
    if (request.headers().contentLength().orElse(0) > maxBytes) {
      throw new InvalidRequest(ApiError.tooLarge(maxBytes));
    }
    if (!request.content().hasEntity()) {
      return new byte[0];
    }
    try (InputStream body = request.content().inputStream()) {
      byte[] bytes = body.readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        throw new InvalidRequest(ApiError.tooLarge(maxBytes));
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException("the client broke off its request", e);
    }
  }
}
