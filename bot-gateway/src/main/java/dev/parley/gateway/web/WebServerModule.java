package dev.parley.gateway.web;

import dev.parley.gateway.chat.Turns;
import dev.parley.shared.openai.ApiError;
import dev.parley.shared.openai.InvalidRequest;
import dev.parley.shared.turn.StoreUnavailable;
import io.helidon.http.NotFoundException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The gateway's one HTTP server: the page, its API, the OpenAI API, and what the caller adds (health,
/// metrics, webhooks).
public final class WebServerModule implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WebServerModule.class);

  private final WebServer server;
  private final Abandoned abandoned;
  private final String host;

  private WebServerModule(WebServer server, Abandoned abandoned, String host) {
    this.server = server;
    this.abandoned = abandoned;
    this.host = host;
  }

  /// Binds and serves.
  ///
  /// @param more adds routes beside ours
  /// @throws IllegalStateException when the port is taken, with a message for the user
  public static WebServerModule start(
      WebSettings settings, Turns turns, Models models, Consumer<HttpRouting.Builder> more) {
    ClientWatch clients = new ClientWatch();
    Abandoned abandoned = new Abandoned(turns, settings.limits().abandonAfter());
    Access access = new Access(settings.keys());
    HttpRouting.Builder routing = HttpRouting.builder();
    addErrors(routing);
    routing
        .addFilter((chain, request, response) -> {
          response
              .header("X-Content-Type-Options", "nosniff")
              .header("Referrer-Policy", "no-referrer")
              .header("Cross-Origin-Resource-Policy", "same-origin");
          chain.proceed();
        })
        .register(new Page())
        .register("/api", new PageApi(turns, settings, access))
        .register(
            "/v1",
            new OpenAiApi(
                turns, settings, models, access, clients, abandoned, InstantSource.system()));
    more.accept(routing);
    return new WebServerModule(bind(settings, clients, routing), abandoned, settings.host());
  }

  public int port() {
    return server.port();
  }

  /// Where the page is.
  public String url() {
    return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port() + "/";
  }

  @Override
  public void close() {
    server.stop();
    abandoned.close();
  }

  private static WebServer bind(
      WebSettings settings, ClientWatch clients, HttpRouting.Builder routing) {
    requireFree(settings);
    WebServer server =
        WebServer.builder()
            .host(settings.host())
            .port(settings.port())
            .maxTcpConnections(settings.limits().maxConnections())
            .shutdownHook(false)
            .directHandlers(TransportErrors.handlers())
            .addProtocol(Http1Config.builder().addReceiveListener(clients).build())
            .routing(routing)
            .build()
            .start();
    if (!server.isRunning()) {
      throw new IllegalStateException("The HTTP server did not start; the log says why.");
    }
    return server;
  }

  /// Asks the operating system first: Helidon only logs a failed bind, with a page of stack trace.
  private static void requireFree(WebSettings settings) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(settings.host(), settings.port()));
    } catch (BindException e) {
      throw new IllegalStateException(
          "Cannot listen on %s port %d (%s): stop the program that has it, or choose another port."
              .formatted(settings.host(), settings.port(), e.getMessage()),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open a server socket", e);
    }
  }

  private static void addErrors(HttpRouting.Builder routing) {
    routing
        .error(InvalidRequest.class, (request, response, e) -> Replies.error(response, e.error()))
        .error(
            StoreUnavailable.class,
            (request, response, e) -> {
              LOG.warn("store unavailable path={}", request.path().path(), e);
              Replies.error(response, Refusals.unavailable());
            })
        .error(
            RuntimeException.class,
            (request, response, e) -> {
              LOG.error("request failed path={}", request.path().path(), e);
              Replies.error(
                  response,
                  ApiError.failed(
                      500, "internal_error", "Something went wrong here; it is logged."));
            })
        .error(
            NotFoundException.class,
            (request, response, e) ->
                Replies.error(response, ApiError.notFound("There is nothing at this address.")));
  }
}
