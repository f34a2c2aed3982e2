package dev.parley.gateway.web;

import io.helidon.common.buffers.DataReader;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;

/// Finds out that a client closed its connection while its request is still being answered.
///
/// Writing tells that too, but late, and there is nothing to write before a whole answer is there.
/// So a second thread reads the connection: after the request was read completely, all that can come
/// is its end. The response must say `Connection: close`, because the next request's first bytes
/// would be lost to this reader.
///
/// As a connection listener it remembers the connection of the thread that serves it (Helidon has one
/// virtual thread a connection, which dies with it), since a request does not name its connection.
final class ClientWatch implements Http1ConnectionListener {
  private static final ThreadLocal<ConnectionContext> CURRENT = new ThreadLocal<>();

  @Override
  public void prologue(ConnectionContext context, HttpPrologue prologue) {
    CURRENT.set(context);
  }

  /// Watches the connection of the calling thread, until it is closed by either side.
  void onClose(Runnable gone) {
    DataReader reader = CURRENT.get().dataReader();
    Thread.ofVirtual()
        .name("client-watch")
        .start(() -> {
          if (ended(reader)) {
            gone.run();
          }
        });
  }

  /// Whether the connection ended; false when the client sent more, which nobody reads.
  private static boolean ended(DataReader reader) {
    try {
      reader.ensureAvailable();
      return false;
    } catch (DataReader.InsufficientDataAvailableException
        | java.io.UncheckedIOException
        | io.helidon.webserver.CloseConnectionException e) {
      // The end of the stream, or a reset, or our own side closing it: all mean closed.
      return true;
    }
  }
}
