package dev.parley.gateway.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.doubles.telegram.Message;
import dev.parley.doubles.telegram.Method;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Updates that Telegram posts (row S1).
final class TelegramWebhookTest {
  private static final String UPDATE =
      """
      {"update_id":1,"message":{"message_id":1,"date":1,"chat":{"id":5,"type":"private"},
       "from":{"id":5,"is_bot":false,"first_name":"Eve"},"text":"forged?"}}
      """;

  private final BotUnderTest bot = BotUnderTest.webhook();
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    bot.close();
  }

  @Test
  void a_message_that_is_posted_is_answered() throws InterruptedException {
    bot.telegram.awaitCalls(
        calls -> calls.stream().anyMatch(c -> c.method() == Method.SET_WEBHOOK && c.ok()),
        BotUnderTest.LIMIT);
    Message question = bot.asks("Hello?");
    bot.answers("Hi");

    bot.answer(question, m -> m.text().equals("Hi"));
    assertThat(bot.telegram.count(Method.GET_UPDATES)).isZero();
  }

  @Test
  void who_does_not_know_the_secret_is_not_read() throws IOException, InterruptedException {
    assertThat(post("wrong", UPDATE.getBytes(StandardCharsets.UTF_8), "identity")).isEqualTo(401);
    assertThat(post("", "no json at all".getBytes(StandardCharsets.UTF_8), "identity"))
        .isEqualTo(401);
    assertThat(bot.gateways.queue).isEmpty();
  }

  @Test
  void what_is_no_update_is_refused() throws IOException, InterruptedException {
    String secret = BotUnderTest.SECRET.reveal();
    assertThat(post(secret, "no json".getBytes(StandardCharsets.UTF_8), "identity")).isEqualTo(400);
    assertThat(post(secret, new byte[TelegramLimits.DEFAULT.webhookBytes() + 1], "identity"))
        .isEqualTo(413);
    // A megabyte of zeros in a kilobyte.
    assertThat(post(secret, zipped(new byte[8 << 20]), "gzip")).isBetween(400, 499);
  }

  private static byte[] zipped(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(bytes);
    }
    return out.toByteArray();
  }

  private int post(String secret, byte[] body, String encoding)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(bot.webhookUrl())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (!encoding.equals("identity")) {
      request.header("Content-Encoding", encoding);
    }
    if (!secret.isEmpty()) {
      request.header("X-Telegram-Bot-Api-Secret-Token", secret);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
  }
}
