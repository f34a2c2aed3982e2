package dev.parley.worker.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.shared.config.HttpBind;
import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.Sampling;
import dev.parley.worker.engine.EngineSettings;
import dev.parley.worker.engine.FakeEngine;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EngineServerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final EngineServer server =
      EngineServer.start(
          new HttpBind("127.0.0.1", 0, List.of()),
          listener ->
              FakeEngine.start(
                  new FakeEngine.Options(4, 1024, 1000, 100_000), EngineSettings.DEFAULT, listener),
          Sampling.greedy(100));
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private HttpResponse<String> post(String body) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(uri("/v1/chat/completions"))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  private static String expected() {
    return FakeEngine.expectedText(List.of(ChatMessage.user("Hello")), Sampling.greedy(12));
  }

  private static String request(String more) {
    return "{\"model\":\"fake\",\"max_tokens\":12,\"seed\":0,\"messages\":[{\"role\":\"user\",\"content\":"
               + "\"Hello\"}]"
        + more
        + "}";
  }

  @Test
  void answers_whole() throws Exception {
    HttpResponse<String> answer = post(request(""));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains(expected()).contains("\"completion_tokens\":12");
  }

  @Test
  void says_how_much_of_a_prompt_it_had_computed_before() throws Exception {
    String question = request("").replace("Hello", "Hello " + "again ".repeat(100));
    assertThat(post(question).body()).doesNotContain("prompt_tokens_details");
    assertThat(post(question).body()).contains("\"prompt_tokens_details\":{\"cached_tokens\":64}");
  }

  @Test
  void answers_as_a_stream() throws Exception {
    HttpResponse<String> answer = post(request(",\"stream\":true"));
    assertThat(answer.body().split("data: ", -1)).hasSizeGreaterThan(12);
    assertThat(answer.body()).endsWith("data: [DONE]\n\n");
  }

  @Test
  void a_client_that_leaves_while_it_waits_is_noticed() {
    try (EngineServer slow =
        EngineServer.start(
            new HttpBind("127.0.0.1", 0, List.of()),
            listener ->
                FakeEngine.start(
                    new FakeEngine.Options(1, 1024, 1, 100_000), EngineSettings.DEFAULT, listener),
            Sampling.greedy(100))) {
      URI uri = URI.create("http://127.0.0.1:" + slow.port() + "/v1/chat/completions");
      HttpRequest request =
          HttpRequest.newBuilder(uri)
              .POST(HttpRequest.BodyPublishers.ofString(request(",\"stream\":true")))
              .build();
      var first = client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
      await().atMost(PATIENCE).until(() -> slow.engine().load().running() == 1);
      var second = client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
      await().atMost(PATIENCE).until(() -> slow.engine().load().waiting() == 1);
      second.cancel(true);
      await().atMost(PATIENCE).until(() -> slow.engine().load().waiting() == 0);
      assertThat(slow.engine().load().running()).isOne();
      first.cancel(true);
    }
  }

  @Test
  void a_whole_answer_has_a_logprob_for_each_token() throws Exception {
    JsonNode answer = json(post(request(",\"logprobs\":true,\"top_logprobs\":2")).body());
    JsonNode content = answer.at("/choices/0/logprobs/content");
    assertThat(content.size()).isEqualTo(answer.at("/usage/completion_tokens").asInt());
    StringBuilder text = new StringBuilder();
    for (JsonNode token : content) {
      text.append(token.get("token").textValue());
      assertThat(token.get("logprob").doubleValue()).isZero();
      assertThat(token.get("bytes").size()).isPositive();
      assertThat(token.get("top_logprobs").size()).isEqualTo(2);
    }
    assertThat(text.toString()).isEqualTo(expected());
  }

  @Test
  void a_streamed_answer_has_its_logprobs_beside_the_text() throws Exception {
    String stream = post(request(",\"stream\":true,\"logprobs\":true")).body();
    StringBuilder text = new StringBuilder();
    for (String data : stream.split("data: ", -1)) {
      if (data.startsWith("{")) {
        json(data)
            .at("/choices/0/logprobs/content")
            .forEach(token -> text.append(token.get("token").textValue()));
      }
    }
    assertThat(text.toString()).isEqualTo(expected());
  }

  @Test
  void nobody_gets_logprobs_who_does_not_ask() throws Exception {
    assertThat(json(post(request("")).body()).at("/choices/0/logprobs").isNull()).isTrue();
  }

  private static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text);
  }

  @Test
  void refuses_what_it_cannot_read() throws Exception {
    assertThat(post("{").statusCode()).isEqualTo(400);
    String tooLong = "word ".repeat(2000);
    HttpResponse<String> answer =
        post(
            "{\"model\":\"fake\",\"messages\":[{\"role\":\"user\",\"content\":\""
                + tooLong
                + "\"}]}");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("context_length_exceeded");
  }

  @Test
  void lists_its_model() throws Exception {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(uri("/v1/models")).build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.body()).contains("\"id\":\"fake\"");
  }
}
