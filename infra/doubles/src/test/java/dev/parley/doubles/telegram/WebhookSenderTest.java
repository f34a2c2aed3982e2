package dev.parley.doubles.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The webhook over real sockets, with a bot that answers what it is told to.
class WebhookSenderTest {

  private record Post(String path, String secret, JsonNode update) {}

  private final BlockingQueue<Post> posts = new LinkedBlockingQueue<>();
  private final Deque<Integer> statuses = new ArrayDeque<>();
  private final TelegramDouble telegram = TelegramDouble.start();
  private final User ada = telegram.users().person("Ada");
  private final Chat chat = telegram.users().privateChat(ada);
  private HttpServer bot;

  @BeforeEach
  void start() throws IOException {
    bot = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    bot.createContext("/", this::take);
    bot.start();
  }

  @AfterEach
  void close() {
    telegram.close();
    bot.stop(0);
  }

  private void take(HttpExchange exchange) throws IOException {
    JsonNode update = ApiJson.MAPPER.readTree(exchange.getRequestBody());
    String secret = exchange.getRequestHeaders().getFirst("X-Telegram-Bot-Api-Secret-Token");
    Integer status = statuses.poll();
    posts.add(new Post(exchange.getRequestURI().getPath(), secret, update));
    exchange.sendResponseHeaders(status == null ? 200 : status, -1);
    exchange.close();
  }

  private URI address(String path) {
    return URI.create("http://127.0.0.1:" + bot.getAddress().getPort() + path);
  }

  private void setWebhook() throws Exception {
    String call =
        telegram.url()
            + "/bot"
            + telegram.token()
            + "/setWebhook?secret_token=s3cret&url="
            + address("/hook");
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(URI.create(call)).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
    }
  }

  private Post next() throws InterruptedException {
    Post post = posts.poll(20, TimeUnit.SECONDS);
    assertThat(post).isNotNull();
    return post;
  }

  @Test
  void an_update_is_posted_with_the_secret_until_it_is_taken() throws Exception {
    statuses.add(500);
    setWebhook();
    telegram.users().says(ada, chat, "hello");
    Post first = next();
    assertThat(first.secret()).isEqualTo("s3cret");
    assertThat(first.path()).isEqualTo("/hook");
    assertThat(next().update()).isEqualTo(first.update());
    telegram.users().says(ada, chat, "again");
    assertThat(next().update().at("/message/text").asText()).isEqualTo("again");
  }

  @Test
  void every_server_behind_a_route_to_each_gets_the_update() throws Exception {
    telegram.webhookRoute(WebhookRoute.toEach(address("/one"), address("/two")));
    setWebhook();
    telegram.users().says(ada, chat, "hello");
    assertThat(List.of(next().path(), next().path())).containsExactlyInAnyOrder("/one", "/two");
  }
}
