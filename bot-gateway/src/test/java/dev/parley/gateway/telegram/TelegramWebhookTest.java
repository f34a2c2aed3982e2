package dev.parley.gateway.telegram;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.doubles.telegram.Message;
import dev.parley.doubles.telegram.Method;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Updates that Telegram posts, and what others may post instead (row S1).
final class TelegramWebhookTest {
  private static final String SECRET = BotUnderTest.SECRET.reveal();

  private static final String UPDATE =
      """
      {"update_id":1,"not_known_yet":{"x":[1]},"message":{"message_id":1,"date":1,
       "chat":{"id":5,"type":"private","not_known_yet":1},
       "from":{"id":5,"is_bot":false,"first_name":"Eve"},"text":"posted?"}}
      """;

  private final BotUnderTest bot = BotUnderTest.webhook();
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    http.shutdownNow();
    bot.close();
  }

  @Test
  void a_message_that_is_posted_is_answered() throws InterruptedException {
    Message question = bot.asks("Hello?");
    bot.answers("Hi");

    bot.whole(question, "Hi");
    assertThat(bot.telegram.count(Method.GET_UPDATES)).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "wrong", "the-secret_of_test", "the-secret_of_testss", "THE-SECRET_OF_TESTS"})
  void who_does_not_know_the_secret_is_not_read(String secret)
      throws IOException, InterruptedException {
    assertThat(post(secret, UPDATE)).isEqualTo(401);
    assertThat(post(secret, "no json at all")).isEqualTo(401);
    assertThat(bot.gateways.queue).isEmpty();
  }

  @Test
  void who_does_not_know_the_secret_is_answered_before_the_body_comes() throws IOException {
    InetAddress here = InetAddress.getLoopbackAddress();
    try (Socket socket = new Socket(here, bot.webhookUrl().getPort())) {
      socket.setSoTimeout(Math.toIntExact(BotUnderTest.LIMIT.toMillis()));
      OutputStream out = socket.getOutputStream();
      String head =
          """
          POST /telegram/webhook HTTP/1.1
          Host: x
          Content-Type: application/json
          Content-Length: 1000000000
          X-Telegram-Bot-Api-Secret-Token: wrong

          """;
      out.write(head.replace("\n", "\r\n").getBytes(UTF_8));
      out.flush();

      assertThat(new String(socket.getInputStream().readNBytes(12), UTF_8))
          .isEqualTo("HTTP/1.1 401");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "no json",
        "null",
        "[]",
        "1",
        "{}",
        "{\"message\":{}}",
        "{\"update_id\":\"x\"}",
        "{\"update_id\":1",
        "{\"update_id\":99999999999999999999}"
      })
  void what_is_no_update_is_refused(String body) throws IOException, InterruptedException {
    bot.awaitWebhook();
    assertThat(post(SECRET, body)).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"message", "edited_message", "callback_query", "my_chat_member", "new_kind"})
  void an_update_in_which_nothing_is_as_it_should_be_is_dropped(String kind)
      throws IOException, InterruptedException {
    bot.awaitWebhook();
    assertThat(post(SECRET, "{\"update_id\":1,\"" + kind + "\":{}}")).isEqualTo(200);
    assertThat(bot.gateways.queue).isEmpty();
  }

  @Test
  void an_update_that_is_not_understood_need_not_come_again()
      throws IOException, InterruptedException {
    bot.awaitWebhook();
    assertThat(post(SECRET, UPDATE.replace("\"message_id\":1", "\"message_id\":3000000000")))
        .isEqualTo(200);
    assertThat(bot.gateways.queue).isEmpty();
  }

  @Test
  void a_body_without_a_length_is_taken_up_to_the_limit() throws IOException, InterruptedException {
    bot.awaitWebhook();
    assertThat(status(request(SECRET).POST(chunked(UPDATE.getBytes(UTF_8))))).isEqualTo(200);
    assertThat(bot.promptWith("posted?").messages()).isNotEmpty();
    byte[] huge = new byte[4 * BotUnderTest.LIMITS.webhookBytes()];
    assertThat(status(request(SECRET).POST(chunked(huge)))).isEqualTo(413);
  }

  @Test
  void a_body_that_is_too_large_is_refused() throws IOException, InterruptedException {
    byte[] large = new byte[BotUnderTest.LIMITS.webhookBytes() + 1];
    assertThat(status(request(SECRET).POST(BodyPublishers.ofByteArray(large)))).isEqualTo(413);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "br", "x-made-up"})
  void a_compressed_body_is_refused(String encoding) throws IOException, InterruptedException {
    // Eight megabytes of zeros in a few kilobytes; and something that is not even that.
    for (byte[] body : new byte[][] {zipped(new byte[8 << 20]), UPDATE.getBytes(UTF_8)}) {
      HttpRequest.Builder request = request(SECRET).header("Content-Encoding", encoding);
      assertThat(status(request.POST(BodyPublishers.ofByteArray(body)))).isBetween(400, 499);
    }
    assertThat(bot.gateways.queue).isEmpty();
  }

  // ----

  private static byte[] zipped(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(bytes);
    }
    return out.toByteArray();
  }

  private static HttpRequest.BodyPublisher chunked(byte[] body) {
    return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
  }

  private HttpRequest.Builder request(String secret) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(bot.webhookUrl())
            .version(HttpClient.Version.HTTP_1_1)
            .header("Content-Type", "application/json");
    return secret.isEmpty() ? request : request.header("X-Telegram-Bot-Api-Secret-Token", secret);
  }

  private int post(String secret, String body) throws IOException, InterruptedException {
    return status(request(secret).POST(BodyPublishers.ofString(body)));
  }

  private int status(HttpRequest.Builder request) throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.discarding()).statusCode();
  }
}
