package dev.parley.doubles.telegram;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Posts updates to the bot's webhook: one thread that waits for work, one for each post.
final class WebhookSender implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookSender.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final long IDLE_MS = 60_000;

  private final Monitor monitor;
  private final TelegramServer server;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private WebhookSender(Monitor monitor, TelegramServer server) {
    this.monitor = monitor;
    this.server = server;
  }

  static WebhookSender start(Monitor monitor, TelegramServer server) {
    WebhookSender sender = new WebhookSender(monitor, server);
    Thread.ofVirtual().name("telegram-webhook").start(sender::run);
    return sender;
  }

  @Override
  public void close() {
    monitor.close();
    http.shutdownNow();
  }

  private void run() {
    try {
      while (!monitor.closed()) {
        long seen = monitor.revision();
        List<Webhook.Delivery> due =
            monitor.look(now -> server.webhook().due(server.updates().pending(), now));
        for (Webhook.Delivery delivery : due) {
          Thread.ofVirtual().name("telegram-post").start(() -> post(delivery));
        }
        long waitMs = monitor.look(now -> server.webhook().nextMs() - now);
        monitor.awaitAfter(seen, Math.clamp(waitMs, 0, IDLE_MS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void post(Webhook.Delivery delivery) {
    Optional<String> error = sent(delivery);
    error.ifPresent(reason -> LOG.debug("update {}: {}", delivery.update().id(), reason));
    monitor.run(now -> {
      if (server.webhook().ended(delivery, error, now)) {
        server.updates().confirm(delivery.update());
      }
    });
  }

  /// @return why it was not taken, in Telegram's words
  private Optional<String> sent(Webhook.Delivery delivery) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(delivery.url())
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(delivery.update().json().toString()));
    delivery.secret().ifPresent(s -> request.header("X-Telegram-Bot-Api-Secret-Token", s));
    try {
      int status = http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
      return status / 100 == 2
          ? Optional.empty()
          : Optional.of("Wrong response from the webhook: " + status);
    } catch (IOException e) {
      return Optional.of("Connection refused or broken");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("Connection closed");
    }
  }
}
