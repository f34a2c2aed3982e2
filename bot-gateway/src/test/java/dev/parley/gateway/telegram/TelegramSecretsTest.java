package dev.parley.gateway.telegram;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.parley.doubles.telegram.Fault;
import dev.parley.doubles.telegram.Message;
import dev.parley.doubles.telegram.Method;
import dev.parley.doubles.telegram.TelegramDouble;
import dev.parley.doubles.telegram.TelegramOptions;
import dev.parley.shared.config.Secret;
import dev.parley.shared.turn.TurnRef;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The token and the webhook's secret show nowhere, whatever goes wrong (row S3). The token is a part of every
/// address that the bot calls, and so of what libraries, and servers on the way, say of a call that failed.
final class TelegramSecretsTest {
  private static final String TOKEN = TelegramOptions.defaults().token();

  /// What a server says that names the address it was asked for.
  private static final String PAGE = "<html>nothing at /bot" + TOKEN + "/here</html>";

  private final LogSpy logs = new LogSpy();
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    http.shutdownNow();
    logs.close();
  }

  @Test
  void a_bot_that_cannot_start_says_why_without_its_token() {
    try (TelegramDouble telegram = TelegramDouble.start()) {
      for (Fault fault :
          List.of(
              new Fault.Broken(404, PAGE),
              new Fault.Broken(404, json(404)),
              new Fault.Broken(401, json(401)),
              new Fault.Broken(500, PAGE),
              new Fault.Broken(500, json(500)),
              new Fault.Broken(200, PAGE),
              Fault.resetBeforeCommit(),
              Fault.tooManyRequests(1))) {
        telegram.faults().next(Method.GET_ME, fault);
        assertFails(new Secret(TOKEN), telegram.url());
      }
      Secret unknown = new Secret("1234:not-the-token-of-the-double");
      assertThat(assertFails(unknown, telegram.url())).contains("the token is not known there");
      assertSilent(unknown.reveal(), TOKEN);
    }
  }

  @Test
  void a_bot_that_reaches_nobody_says_so_without_its_token() {
    URI nobody;
    try (TelegramDouble telegram = TelegramDouble.start()) {
      nobody = telegram.url();
    }
    assertFails(new Secret(TOKEN), nobody);
    assertFails(new Secret(TOKEN), URI.create("http://no-such-host.invalid"));
    assertSilent(TOKEN);
  }

  @Test
  void a_bot_whose_calls_fail_shows_its_token_nowhere() throws IOException, InterruptedException {
    try (BotUnderTest bot = BotUnderTest.polling()) {
      URI status = bot.serve(0).resolve("/telegram/status");
      bot.awaitPolling();
      bot.telegram.faults().next(Method.GET_UPDATES, new Fault.Broken(400, json(400)));
      bot.telegram.faults().next(Method.SEND_MESSAGE, Fault.silenceBeforeCommit());
      Message question = bot.asks("Hello?");
      TurnRef turn = bot.begins("One ");
      bot.awaitFaults(2);
      assertThat(get(status)).contains("refuses to give updates").doesNotContain(secret(TOKEN));
      bot.ends(turn, "One.");
      Message answer = bot.whole(question, "One.");

      bot.telegram.faults().next(Method.SEND_CHAT_ACTION, new Fault.Broken(500, PAGE));
      bot.telegram.faults().next(Method.SEND_MESSAGE, new Fault.Broken(404, json(404)));
      bot.asks("And now?");
      bot.begins("Two ");
      bot.awaitFaults(4);
      bot.telegram.faults().next(Method.ANSWER_CALLBACK_QUERY, new Fault.Broken(400, json(400)));
      bot.telegram.users().presses(bot.ann, answer, "👍");
      bot.telegram.faults().next(Method.SEND_MESSAGE, new Fault.Broken(400, json(400)));
      bot.asks("/help");
      bot.awaitFaults(6);
      bot.telegram.faults().next(Method.SEND_MESSAGE, new Fault.Broken(500, PAGE));
      bot.asks("/status");
      bot.telegram.faults().next(Method.GET_FILE, new Fault.Broken(500, PAGE));
      byte[] text = "Hi".getBytes(UTF_8);
      bot.telegram.users().sendsDocument(bot.ann, bot.chat, "a.txt", "text/plain", text, "");
      bot.awaitFaults(8);
      bot.telegram.faults().next(Method.SEND_MESSAGE, new Fault.Broken(401, json(401)));
      bot.pass(Duration.ofSeconds(5));
      bot.asks("Still there?");
      bot.begins("Three ");
      bot.awaitFaults(9);

      assertThat(get(status)).doesNotContain(secret(TOKEN));
      assertThat(bot.meters()).doesNotContain(secret(TOKEN));
      assertThat(logs.lines())
          .anyMatch(line -> line.contains("nothing at /bot4242424242:***/here"));
      assertSilent(TOKEN);
    }
  }

  @Test
  void the_webhooks_secret_shows_nowhere() throws IOException, InterruptedException {
    try (BotUnderTest bot = BotUnderTest.webhook()) {
      bot.awaitWebhook();
      String secret = BotUnderTest.SECRET.reveal();
      for (String body : List.of("", "no json", "{}", "{\"update_id\":1,\"message\":{}}")) {
        HttpRequest request =
            HttpRequest.newBuilder(bot.webhookUrl())
                .header("X-Telegram-Bot-Api-Secret-Token", secret)
                .POST(BodyPublishers.ofString(body))
                .build();
        http.send(request, BodyHandlers.discarding());
      }
      Message question = bot.asks("Hello?");
      bot.answers("Hi");
      bot.whole(question, "Hi");

      assertThat(get(bot.webhookUrl().resolve("/telegram/status"))).doesNotContain(secret);
      assertThat(bot.meters()).doesNotContain(secret);
      assertSilent(secret, TOKEN);
    }
  }

  // ----

  private static String json(int code) {
    return "{\"ok\":false,\"error_code\":%d,\"description\":\"nothing at /bot%s/here\"}"
        .formatted(code, TOKEN);
  }

  /// The part of a token that is a secret.
  private static String secret(String token) {
    return token.substring(token.indexOf(':') + 1);
  }

  /// @return what the bot says
  private static String assertFails(Secret token, URI server) {
    String[] said = {""};
    assertThatIllegalStateException()
        .isThrownBy(() -> TelegramBot.name(token, server))
        .withNoCause()
        .satisfies(e -> said[0] = e.toString());
    assertThat(said[0]).doesNotContain(secret(token.reveal()));
    return said[0];
  }

  private void assertSilent(String... secrets) {
    for (String secret : secrets) {
      assertThat(logs.lines()).noneMatch(line -> line.contains(secret(secret)));
    }
  }

  private String get(URI url) throws IOException, InterruptedException {
    return http.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString()).body();
  }
}
