package dev.parley.shared.runtime;

import dev.parley.shared.config.ConfigException;
import dev.parley.shared.config.HttpBind;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/// A running HTTP server: Helidon with Parley's habits, which are our own stop signal instead of
/// its shutdown hook, and one clear line when a port is taken.
public final class HttpServer implements AutoCloseable {
  private final WebServer server;

  private HttpServer(WebServer server) {
    this.server = server;
  }

  /// Binds and serves; the caller stops it.
  ///
  /// @throws ConfigException when the port cannot be bound
  public static HttpServer start(HttpBind bind, HttpRouting.Builder routing) {
    requireFree(bind);
    try {
      return new HttpServer(
          WebServer.builder()
              .host(bind.host())
              .port(bind.port())
              .shutdownHook(false)
              // A stream's small pieces go out at once: together with the peer's delayed
              // acknowledgement Nagle's algorithm holds each second one back for 40 ms.
              .connectionOptions(options -> options.tcpNoDelay(true))
              .routing(routing)
              .build()
              .start());
    } catch (UncheckedIOException | IllegalStateException e) {
      throw taken(bind, e);
    }
  }

  /// The port that was bound.
  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.stop();
  }

  /// Refuses early, before slower things have started, when the port is taken; port 0 never is.
  ///
  /// @throws ConfigException when the port cannot be bound
  public static void requireFree(HttpBind bind) {
    if (bind.port() == 0) {
      return;
    }
    try (var probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getByName(bind.host()), bind.port()));
    } catch (IOException e) {
      throw taken(bind, e);
    }
  }

  private static ConfigException taken(HttpBind bind, Exception cause) {
    return new ConfigException(
        "Port "
            + bind.port()
            + " on "
            + bind.host()
            + " cannot be bound ("
            + cause.getMessage()
            + "): stop what holds it, or choose another with --port or PARLEY_PORT.",
        cause);
  }
}
