package dev.parley.doubles.telegram;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The HTTP side: `/bot<token>/<method>`, `/file/bot<token>/<path>`, and the pages for people. A virtual thread for each
/// request; a reply that is lost is a connection that is closed, or that stays open in silence.
final class BotHttp implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BotHttp.class);
  private static final String JSON = "application/json";

  static {
    // Without it an answer's second packet waits for the delayed acknowledgement of its first: 40
    // ms a call.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final Monitor monitor;
  private final TelegramServer server;
  private final WebView view;
  private final String bot;
  private final HttpServer http;
  private final ExecutorService threads;

  private BotHttp(
      Monitor monitor, TelegramServer server, WebView view, String token, HttpServer http) {
    this.monitor = monitor;
    this.server = server;
    this.view = view;
    this.bot = "/bot" + token + "/";
    this.http = http;
    this.threads =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("telegram-double-", 0).factory());
  }

  /// Binds and serves.
  static BotHttp start(Monitor monitor, TelegramServer server, WebView view, String token, int port)
      throws IOException {
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    BotHttp started = new BotHttp(monitor, server, view, token, http);
    http.setExecutor(started.threads);
    http.createContext("/", started::serve);
    http.start();
    return started;
  }

  int port() {
    return http.getAddress().getPort();
  }

  @Override
  public void close() {
    monitor.close();
    http.stop(0);
    threads.shutdownNow();
  }

  private void serve(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    try {
      if (path.startsWith("/bot")) {
        call(exchange, path);
      } else if (path.startsWith("/file/bot")) {
        download(exchange, path.substring("/file".length()));
      } else {
        view.serve(exchange, path);
      }
    } catch (ApiException e) {
      send(exchange, e.answer());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("the double itself failed at {}", exchange.getRequestMethod(), e);
      throw e;
    } finally {
      exchange.close();
    }
  }

  private void call(HttpExchange exchange, String path) throws IOException, InterruptedException {
    if (!path.startsWith(bot)) {
      send(exchange, Answer.failed(401, "Unauthorized"));
      return;
    }
    Optional<Method> method = Method.named(path.substring(bot.length()));
    if (method.isEmpty()) {
      send(exchange, Answer.failed(404, "Not Found"));
      return;
    }
    ApiCall call = new ApiCall(method.get(), HttpArgs.read(exchange));
    Reply reply = monitor.change(now -> server.handle(call, now));
    switch (reply) {
      case Reply.Json known -> {
        pause(known.delay());
        send(exchange, known.answer());
      }
      case Reply.Raw raw -> send(exchange, raw.status(), "text/html", raw.body());
      case Reply.Waiting waiting -> send(exchange, awaited(waiting.poll()));
      // The exchange is closed without an answer.
      case Reply.Reset reset -> {}
      case Reply.Silence silence -> monitor.awaitClosed();
    }
  }

  private Answer awaited(Poll poll) throws InterruptedException {
    return monitor
        .await(now -> poll.answer(), poll.timeout())
        .orElseGet(() -> monitor.change(now -> server.end(poll)));
  }

  private void pause(Duration delay) throws InterruptedException {
    if (!delay.isZero()) {
      monitor.await(now -> Optional.empty(), delay);
    }
  }

  private void download(HttpExchange exchange, String path) throws IOException {
    if (!path.startsWith(bot)) {
      send(exchange, Answer.failed(401, "Unauthorized"));
      return;
    }
    Optional<byte[]> bytes =
        monitor.look(now ->
            server.world().files().byPath(path.substring(bot.length())).map(Files.Stored::bytes));
    if (bytes.isEmpty()) {
      send(exchange, Answer.failed(404, "Not Found"));
    } else {
      send(exchange, 200, "application/octet-stream", bytes.get());
    }
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    if (answer instanceof Answer.Failed failed) {
      failed
          .retryAfterS()
          .ifPresent(seconds ->
              exchange.getResponseHeaders().set("Retry-After", Integer.toString(seconds)));
    }
    send(exchange, answer.code(), JSON, answer.json().toString());
  }

  static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
    send(exchange, status, type + "; charset=utf-8", body.getBytes(StandardCharsets.UTF_8));
  }

  static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }
}
