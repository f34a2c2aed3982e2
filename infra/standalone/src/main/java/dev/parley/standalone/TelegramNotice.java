package dev.parley.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.shared.runtime.Threads;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells whoever started `up` whether the bot works: each time when that changes, since the gateway's log is
/// elsewhere.
final class TelegramNotice implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TelegramNotice.class);

  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient http = HttpClient.newHttpClient();
  private final URI status;
  private final Thread thread;
  private String told = "";

  /// @param gateway its page
  TelegramNotice(URI gateway) {
    status = gateway.resolve("/telegram/status");
    thread = Threads.start("telegram-notice", this::run);
  }

  private void run() {
    while (true) {
      try {
        look();
        Thread.sleep(LOOK);
      } catch (IOException e) {
        LOG.debug("the gateway does not answer; it is watched elsewhere", e);
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  private void look() throws IOException, InterruptedException {
    JsonNode now =
        json.readTree(
            http.send(
                    HttpRequest.newBuilder(status).timeout(LIMIT).build(), BodyHandlers.ofString())
                .body());
    String bot = now.path("bot").asText();
    String problem = now.path("problem").asText();
    String sentence = problem.isEmpty() ? "@" + bot + " takes messages." : problem;
    if (!sentence.equals(told) && !(bot.isEmpty() && problem.isEmpty())) {
      System.err.println("Telegram: " + sentence);
      told = sentence;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
