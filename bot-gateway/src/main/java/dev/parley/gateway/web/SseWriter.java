package dev.parley.gateway.web;

import dev.parley.shared.openai.SseEvent;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;

/// A response of server-sent events; each event is on its way when [#send] returns.
final class SseWriter implements AutoCloseable {
  private final OutputStream out;

  /// Sends the headers.
  SseWriter(ServerResponse response) throws IOException {
    out =
        response
            .status(Status.OK_200)
            .header(HeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8")
            .header(HeaderNames.CACHE_CONTROL, "no-store")
            // Asks proxies of the nginx kind not to hold events back.
            .header("X-Accel-Buffering", "no")
            .outputStream();
    keepAlive();
  }

  void send(SseEvent event) throws IOException {
    out.write(event.encode());
    out.flush();
  }

  void keepAlive() throws IOException {
    out.write(SseEvent.comment());
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
