package dev.parley.worker.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.shared.config.HttpBind;
import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.Sampling;
import dev.parley.worker.engine.EngineSettings;
import dev.parley.worker.engine.EngineTotals;
import dev.parley.worker.engine.FakeEngine;
import dev.parley.worker.schedule.ScheduleLimits;
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

  private final EngineServer server = start(new FakeEngine.Options(4, 1024, 1000, 100_000));
  private final HttpClient client = HttpClient.newHttpClient();

  private static EngineServer start(FakeEngine.Options options) {
    return EngineServer.start(
        "a-model",
        new HttpBind("127.0.0.1", 0, List.of()),
        listener -> FakeEngine.start(options, EngineSettings.DEFAULT, listener),
        Sampling.greedy(100));
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private HttpResponse<String> post(String body) throws IOException, InterruptedException {
    return client.send(posting(server, body), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest posting(EngineServer to, String body) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + to.port() + "/v1/chat/completions"))
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI page = URI.create("http://127.0.0.1:" + server.port() + path);
    return client.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString());
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
    String question = request("").replace("Hello", "Hello " + "again ".repeat(131));
    assertThat(post(question).body()).doesNotContain("prompt_tokens_details");
    assertThat(post(question).body())
        .contains("\"prompt_tokens\":" + (70 + 64))
        .contains("\"prompt_tokens_details\":{\"cached_tokens\":70}");
  }

  @Test
  void its_metrics_say_what_was_computed_and_why() throws Exception {
    assertThat(post(request("")).statusCode()).isEqualTo(200);
    assertThat(get("/metrics").body())
        .contains("parley_prefix_misses_total{reason=\"short\"} 1.0")
        .contains("parley_prefix_misses_total{reason=\"evicted\"} 0.0")
        .contains("parley_prompt_tokens_reused_total 0.0");
    assertThat(get("/health/ready").body()).contains("\"ready\":true");
  }

  @Test
  void answers_as_a_stream() throws Exception {
    HttpResponse<String> answer = post(request(",\"stream\":true"));
    assertThat(answer.body().split("data: ", -1)).hasSizeGreaterThan(12);
    assertThat(answer.body()).endsWith("data: [DONE]\n\n");
  }

  @Test
  void a_client_that_leaves_while_it_waits_is_noticed() {
    try (EngineServer slow = start(new FakeEngine.Options(1, 1024, 1, 100_000))) {
      HttpRequest request = posting(slow, request(",\"stream\":true"));
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
  void choices_have_an_index_and_a_seed_each_and_the_first_is_as_it_would_be_alone()
      throws Exception {
    JsonNode answer = json(post(request(",\"n\":3")).body());
    assertThat(answer.at("/choices").size()).isEqualTo(3);
    for (int i = 0; i < 3; i++) {
      JsonNode choice = answer.at("/choices/" + i);
      assertThat(choice.at("/index").asInt()).isEqualTo(i);
      assertThat(choice.at("/message/content").textValue()).isEqualTo(expectedChoice(i));
    }
    assertThat(answer.at("/choices/0/message/content").textValue()).isEqualTo(expected());
    int prompt = json(post(request("")).body()).at("/usage/prompt_tokens").asInt();
    assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(prompt);
    assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(36);
    assertThat(answer.at("/usage/total_tokens").asInt()).isEqualTo(prompt + 36);
  }

  private static String expectedChoice(int choice) {
    Sampling sampling = Sampling.greedy(12).withSeed(choice * 0x9E3779B97F4A7C15L);
    return FakeEngine.expectedText(List.of(ChatMessage.user("Hello")), sampling);
  }

  @Test
  void streamed_choices_are_told_apart_by_their_index() throws Exception {
    String stream =
        post(request(",\"n\":2,\"stream\":true,\"stream_options\":{\"include_usage\":true}"))
            .body();
    List<StringBuilder> texts = List.of(new StringBuilder(), new StringBuilder());
    int ends = 0;
    int completionTokens = 0;
    for (String data : stream.split("data: ", -1)) {
      if (data.startsWith("{")) {
        JsonNode chunk = json(data);
        completionTokens += chunk.at("/usage/completion_tokens").asInt();
        for (JsonNode choice : chunk.at("/choices")) {
          texts.get(choice.get("index").intValue()).append(choice.at("/delta/content").asText());
          ends += choice.get("finish_reason").isNull() ? 0 : 1;
        }
      }
    }
    assertThat(texts.get(0).toString()).isEqualTo(expectedChoice(0));
    assertThat(texts.get(1).toString()).isEqualTo(expectedChoice(1));
    assertThat(ends).isEqualTo(2);
    assertThat(completionTokens).isEqualTo(24);
    assertThat(stream).endsWith("data: [DONE]\n\n");
  }

  @Test
  void the_choices_prompt_is_computed_once() throws Exception {
    String longPrompt =
        "{\"model\":\"fake\",\"max_tokens\":3,\"n\":4,\"messages\":[{\"role\":\"user\",\"content\":\""
            + "word ".repeat(500)
            + "\"}]}";
    try (EngineServer slow = start(new FakeEngine.Options(4, 1024, 1000, 1000))) {
      HttpResponse<String> answer =
          client.send(posting(slow, longPrompt), HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      EngineTotals totals = slow.engine().totals();
      long each = totals.promptTokens() / 4;
      assertThat(each).isGreaterThan(500);
      // Three take over all of the first but its last chunk, whose last logits they want.
      assertThat(totals.reusedTokens()).isEqualTo(3 * (each - ScheduleLimits.CHUNK_TOKENS));
    }
  }

  @Test
  void a_client_that_leaves_ends_all_its_choices() throws Exception {
    try (EngineServer slow = start(new FakeEngine.Options(4, 1024, 10, 100_000))) {
      var answer =
          client.send(
              posting(slow, request(",\"n\":3,\"stream\":true")),
              HttpResponse.BodyHandlers.ofInputStream());
      await().atMost(PATIENCE).until(() -> slow.engine().load().running() == 3);
      answer.body().close();
      await().atMost(PATIENCE).until(() -> slow.engine().load().running() == 0);
    }
  }

  @Test
  void one_error_answers_for_all_choices() throws Exception {
    HttpResponse<String> tooLong =
        post(
            "{\"model\":\"fake\",\"n\":2,\"messages\":[{\"role\":\"user\",\"content\":\""
                + "word ".repeat(2000)
                + "\"}]}");
    assertThat(tooLong.statusCode()).isEqualTo(400);
    assertThat(json(tooLong.body()).at("/error/code").textValue())
        .isEqualTo("context_length_exceeded");
    assertThat(post(request(",\"n\":5")).body()).contains("\"param\":\"n\"");
    assertThat(post(request(",\"n\":0")).statusCode()).isEqualTo(400);
  }

  @Test
  void nobody_gets_logprobs_who_does_not_ask() throws Exception {
    assertThat(json(post(request("")).body()).at("/choices/0/logprobs").isNull()).isTrue();
  }

  @Test
  void an_answer_has_the_form_that_was_asked_for() throws Exception {
    String format =
        """
        ,"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":
        {"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]}}}\
        """;
    HttpResponse<String> answer = post(request(format));
    assertThat(answer.statusCode()).isEqualTo(200);
    String content = json(answer.body()).at("/choices/0/message/content").textValue();
    assertThat(json(content).get("a").isInt()).isTrue();
  }

  @Test
  void a_grammar_that_cannot_be_used_is_the_clients_error() throws Exception {
    HttpResponse<String> refused = post(request(",\"grammar\":\"root ::= root\""));
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("\"param\":\"grammar\"", "left recursion");
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
  void an_answer_names_the_model_as_its_request_does() throws Exception {
    JsonNode answer = json(post(request("").replace("fake", "another-name")).body());
    assertThat(answer.at("/model").asText()).isEqualTo("another-name");
  }

  @Test
  void lists_the_model_under_the_name_it_was_asked_for() throws Exception {
    assertThat(get("/v1/models").body()).contains("\"id\":\"a-model\"");
  }
}
