package dev.parley.gateway.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.gateway.chat.InboundMessage;
import dev.parley.gateway.chat.Submission;
import dev.parley.shared.openai.SseEvent;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.EndReason;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OpenAiApiTest extends WebTest {
  private static final String PATH = "/v1/chat/completions";

  private static String chat(String more) {
    return "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]" + more + "}";
  }

  private CompletableFuture<HttpResponse<String>> whole(String body) {
    return http.sendAsync(posting(PATH, body).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void a_whole_answer_has_text_finish_reason_and_usage() throws Exception {
    var reply = whole(chat(""));
    turns.say(turn(0), "Hel");
    turns.say(turn(0), "lo");
    turns.end(turn(0), EndReason.STOP);
    HttpResponse<String> response = reply.get(20, TimeUnit.SECONDS);
    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode body = json(response.body());
    assertThat(body.at("/object").asText()).isEqualTo("chat.completion");
    assertThat(body.at("/model").asText()).isEqualTo("tiny");
    assertThat(body.at("/choices/0/message/role").asText()).isEqualTo("assistant");
    assertThat(body.at("/choices/0/message/content").asText()).isEqualTo("Hello");
    assertThat(body.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(body.at("/usage/prompt_tokens").asInt()).isEqualTo(10);
    assertThat(body.at("/usage/completion_tokens").asInt()).isEqualTo(2);
    assertThat(body.at("/usage/total_tokens").asInt()).isEqualTo(12);
  }

  @Test
  void the_request_reaches_the_turn() throws Exception {
    var reply =
        whole(
            "{\"model\":\"parley\",\"messages\":[{\"role\":\"system\",\"content\":\"Be brief\"},"
                + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"},"
                + "{\"type\":\"text\",\"text\":\"b\"}]}],\"temperature\":0.5,\"top_p\":0.9,"
                + "\"seed\":7,\"max_tokens\":12,\"stop\":[\"X\",\"Y\"],\"user\":\"ann\"}");
    InboundMessage message = message(0);
    assertThat(message.request().messages())
        .containsExactly(ChatMessage.system("Be brief"), ChatMessage.user("ab"));
    var sampling = message.request().sampling();
    assertThat(sampling.temperature()).isEqualTo(0.5);
    assertThat(sampling.topP()).isEqualTo(0.9);
    assertThat(sampling.seed()).isEqualTo(7);
    assertThat(sampling.maxTokens()).isEqualTo(12);
    assertThat(sampling.stop()).containsExactly("X", "Y");
    assertThat(message.request().user()).isEqualTo("ann");
    assertThat(message.request().useHistory()).isFalse();
    assertThat(message.request().reply().adoptable()).isFalse();
    turns.end(message.ref(), EndReason.LENGTH);
    assertThat(json(reply.get(20, TimeUnit.SECONDS).body()).at("/choices/0/finish_reason").asText())
        .isEqualTo("length");
  }

  @Test
  void a_streamed_answer_is_role_text_finish_usage_done() throws Exception {
    try (Events events =
        stream(
            posting(PATH, chat(",\"stream\":true,\"stream_options\":{\"include_usage\":true}")))) {
      assertThat(events.response.headers().firstValue("content-type").orElse(""))
          .startsWith("text/event-stream");
      assertThat(json(events.next().data()).at("/choices/0/delta/role").asText())
          .isEqualTo("assistant");
      turns.say(turn(0), "Hel");
      JsonNode first = json(events.next().data());
      assertThat(first.at("/choices/0/delta/content").asText()).isEqualTo("Hel");
      assertThat(first.at("/object").asText()).isEqualTo("chat.completion.chunk");
      assertThat(first.has("usage")).isTrue();
      turns.say(turn(0), "lo");
      assertThat(json(events.next().data()).at("/choices/0/delta/content").asText())
          .isEqualTo("lo");
      turns.end(turn(0), EndReason.STOP);
      assertThat(json(events.next().data()).at("/choices/0/finish_reason").asText())
          .isEqualTo("stop");
      JsonNode usage = json(events.next().data());
      assertThat(usage.at("/choices")).isEmpty();
      assertThat(usage.at("/usage/completion_tokens").asInt()).isEqualTo(2);
      assertThat(events.next()).isEqualTo(SseEvent.data("[DONE]"));
      assertThat(events.ended()).isTrue();
    }
  }

  @Test
  void an_idle_stream_says_that_it_is_alive() throws Exception {
    HttpResponse<InputStream> response =
        http.send(
            posting(PATH, chat(",\"stream\":true")).build(),
            HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      StringBuilder seen = new StringBuilder();
      while (seen.toString().split(": \n\n", -1).length < 4) {
        int b = body.read();
        assertThat(b).isNotNegative();
        seen.append((char) b);
      }
    }
  }

  @Test
  void a_restart_after_shown_text_ends_the_stream_with_an_error() throws Exception {
    try (Events events = stream(posting(PATH, chat(",\"stream\":true")))) {
      events.next();
      turns.say(turn(0), "one");
      events.next();
      turns.restart(turn(0), "two");
      JsonNode error = json(events.next().data());
      assertThat(error.at("/error/code").asText()).isEqualTo("answer_restarted");
      assertThat(events.ended()).isTrue();
    }
    await().atMost(WAIT).until(() -> turns.ending(turn(0)).isPresent());
    assertThat(turns.ending(turn(0))).contains(EndReason.CANCELLED);
  }

  @Test
  void a_restart_that_keeps_what_was_shown_goes_on() throws Exception {
    try (Events events = stream(posting(PATH, chat(",\"stream\":true")))) {
      events.next();
      turns.say(turn(0), "one");
      events.next();
      turns.restart(turn(0), "one two");
      assertThat(json(events.next().data()).at("/choices/0/delta/content").asText())
          .isEqualTo(" two");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = EndReason.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"STOP", "LENGTH"})
  void an_end_that_is_no_answer_is_an_error_object(EndReason reason) throws Exception {
    var reply = whole(chat(""));
    turns.end(turn(0), reason);
    HttpResponse<String> response = reply.get(20, TimeUnit.SECONDS);
    assertThat(response.statusCode()).isBetween(400, 599);
    assertThat(json(response.body()).at("/error/message").asText()).isEqualTo(reason.sentence());
    assertThat(json(response.body()).at("/error/type").asText()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "TOO_LONG, messages",
    "NO_MESSAGES, messages",
    "TEMPLATE, messages",
    "FORMAT, response_format",
    "UNKNOWN_TOKEN, logit_bias",
    "DECLINED, null"
  })
  void what_the_model_refuses_is_the_clients_error(EndReason reason, String param)
      throws Exception {
    var reply = whole(chat(""));
    turns.end(turn(0), reason);
    HttpResponse<String> response = reply.get(20, TimeUnit.SECONDS);
    assertThat(response.statusCode()).isEqualTo(400);
    JsonNode error = json(response.body()).get("error");
    assertThat(error.get("type").asText()).isEqualTo("invalid_request_error");
    assertThat(error.get("param").asText()).isEqualTo(param);
  }

  @Test
  void a_stream_that_fails_says_so_in_an_error_event() throws Exception {
    try (Events events = stream(posting(PATH, chat(",\"stream\":true")))) {
      events.next();
      turns.end(turn(0), EndReason.ENGINE);
      assertThat(json(events.next().data()).at("/error/code").asText()).isEqualTo("engine_error");
      assertThat(events.ended()).isTrue();
    }
  }

  @Test
  void a_client_that_leaves_a_stream_before_its_first_token_stops_its_turn() throws Exception {
    Events events = stream(posting(PATH, chat(",\"stream\":true")));
    TurnRef turn = turn(0);
    events.close();
    await().atMost(WAIT).until(() -> turns.ending(turn).isPresent());
    assertThat(turns.ending(turn)).contains(EndReason.CANCELLED);
  }

  @Test
  void a_client_that_leaves_before_its_whole_answer_stops_its_turn() throws Exception {
    try (Socket socket = raw(chat(""))) {
      turn(0);
      assertThat(socket.isConnected()).isTrue();
    }
    await().atMost(WAIT).until(() -> turns.ending(turn(0)).isPresent());
    assertThat(turns.ending(turn(0))).contains(EndReason.CANCELLED);
    await().atMost(WAIT).until(() -> turns.listeners(turn(0)) == 0);
  }

  private Socket raw(String body) throws Exception {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    OutputStream out = socket.getOutputStream();
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    out.write(
        ("POST "
                + PATH
                + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: "
                + bytes.length
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    out.write(bytes);
    out.flush();
    return socket;
  }

  @Test
  void a_repeated_idempotency_key_is_the_same_turn() throws Exception {
    HttpRequest request = posting(PATH, chat("")).header("Idempotency-Key", "order 66/ä").build();
    var first = http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    turns.say(turn(0), "Hi");
    var second = http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    await().atMost(WAIT).until(() -> turns.listeners(turn(0)) == 2);
    turns.end(turn(0), EndReason.STOP);
    String body = first.get(20, TimeUnit.SECONDS).body();
    assertThat(json(second.get(20, TimeUnit.SECONDS).body()).at("/choices"))
        .isEqualTo(json(body).at("/choices"));
    HttpResponse<String> third = http.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(json(third.body()).at("/choices")).isEqualTo(json(body).at("/choices"));
    assertThat(turns.messages()).hasSize(1);
  }

  @Test
  void a_turn_with_a_key_survives_a_lost_connection_for_a_while() throws Exception {
    HttpRequest.Builder request =
        posting(PATH, chat(",\"stream\":true")).header("Idempotency-Key", "k");
    Events lost = stream(request);
    Events kept = stream(request);
    TurnRef turn = turn(0);
    await().atMost(WAIT).until(() -> turns.listeners(turn) == 2);
    lost.close();
    await().atMost(WAIT).until(() -> turns.listeners(turn) == 1);
    assertThat(turns.ending(turn)).isEmpty();
    kept.close();
    await().atMost(WAIT).until(() -> turns.ending(turn).isPresent());
  }

  @Test
  void refusals_have_their_status_and_a_time_to_retry() throws Exception {
    turns.refuse(
        new Submission.Refused(
            Submission.Refusal.TOO_MANY, "Too much is waiting.", Duration.ofMillis(2500)));
    HttpResponse<String> response = post(PATH, chat(""));
    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(response.headers().firstValue("retry-after")).contains("3");
    assertThat(json(response.body()).at("/error/type").asText()).isEqualTo("rate_limit_error");
    turns.refuse(
        new Submission.Refused(Submission.Refusal.UNAVAILABLE, "Redis is away.", Duration.ZERO));
    response = post(PATH, chat(",\"stream\":true"));
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("retry-after")).isPresent();
    assertThat(json(response.body()).at("/error/message").asText()).isEqualTo("Redis is away.");
  }

  @Test
  void an_unknown_model_is_not_found() throws Exception {
    HttpResponse<String> response = post(PATH, chat("").replace("tiny", "gpt-17"));
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(json(response.body()).at("/error/code").asText()).isEqualTo("model_not_found");
    assertThat(json(response.body()).at("/error/param").asText()).isEqualTo("model");
  }

  @Test
  void bad_input_is_a_400_that_names_the_parameter_and_makes_no_turn() throws Exception {
    HttpResponse<String> response = post(PATH, chat(",\"temperature\":-1"));
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(json(response.body()).at("/error/param").asText()).isEqualTo("temperature");
    assertThat(json(response.body()).at("/error/type").asText()).isEqualTo("invalid_request_error");
    assertThat(turns.messages()).isEmpty();
  }

  @Test
  void controls_and_presets_reach_the_turn() throws Exception {
    var reply = whole(chat(",\"preset\":\"creative\",\"top_k\":7,\"logit_bias\":{\"5\":-100}"));
    var sampling = message(0).request().sampling();
    assertThat(sampling.temperature()).isGreaterThan(1);
    assertThat(sampling.topK()).isEqualTo(7);
    assertThat(sampling.rules().logitBias()).containsEntry(5, -100.0);
    turns.end(message(0).ref(), EndReason.STOP);
    assertThat(reply.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }

  @Test
  void a_body_over_the_limit_is_a_413_whether_it_tells_its_length_or_not() throws Exception {
    String huge = chat(",\"x\":\"" + "a".repeat(5 << 20) + "\"");
    HttpResponse<String> response = post(PATH, huge);
    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(json(response.body()).at("/error/code").asText()).isEqualTo("request_too_large");
    HttpRequest chunked =
        HttpRequest.newBuilder(uri(PATH))
            .POST(
                HttpRequest.BodyPublishers.ofInputStream(
                    () -> new java.io.ByteArrayInputStream(huge.getBytes(StandardCharsets.UTF_8))))
            .build();
    assertThat(http.send(chunked, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(413);
    assertThat(post(PATH, "").statusCode()).isEqualTo(400);
  }

  @Test
  void bytes_that_are_not_utf8_and_compressed_bodies_are_refused() throws Exception {
    byte[] latin1 = chat("").replace("Hi", "H\u00fc").getBytes(StandardCharsets.ISO_8859_1);
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(uri(PATH))
                .POST(HttpRequest.BodyPublishers.ofByteArray(latin1))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(json(response.body()).at("/error/code").asText()).isEqualTo("invalid_encoding");
    response =
        http.send(
            posting(PATH, chat("")).header("Content-Encoding", "gzip").build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isIn(400, 415);
    assertThat(json(response.body()).at("/error/type").asText()).isEqualTo("invalid_request_error");
  }

  @Test
  void models_are_listed_and_found_by_name() throws Exception {
    JsonNode list = json(get("/v1/models").body());
    assertThat(list.at("/object").asText()).isEqualTo("list");
    assertThat(list.at("/data/0/id").asText()).isEqualTo("tiny");
    assertThat(json(get("/v1/models/tiny").body()).at("/object").asText()).isEqualTo("model");
    assertThat(get("/v1/models/none").statusCode()).isEqualTo(404);
  }

  @Test
  void other_addresses_and_methods_are_json_errors() throws Exception {
    HttpResponse<String> wrongMethod = get(PATH);
    assertThat(wrongMethod.statusCode()).isEqualTo(405);
    assertThat(wrongMethod.headers().firstValue("allow")).contains("POST");
    HttpResponse<String> wrongPath = post("/v1/completions", "{}");
    assertThat(wrongPath.statusCode()).isEqualTo(404);
    assertThat(json(wrongPath.body()).at("/error/message").asText()).isNotEmpty();
    assertThat(json(get("/nowhere").body()).at("/error/code").asText()).isEqualTo("not_found");
  }

  @Test
  void an_unexpected_failure_is_a_500_without_its_text() throws Exception {
    server.close();
    server =
        WebServerModule.start(
            settings(ApiKeys.none(), limits()),
            turns,
            () -> {
              throw new IllegalArgumentException("secret detail");
            },
            routing -> {});
    HttpResponse<String> response = get("/v1/models");
    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(json(response.body()).at("/error/type").asText()).isEqualTo("server_error");
    assertThat(response.body()).doesNotContain("secret");
  }

  @Test
  void eight_streams_at_once_keep_their_texts_apart() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> replies =
        java.util.stream.IntStream.range(0, 8)
            .mapToObj(i -> whole(chat(",\"stream\":true,\"user\":\"u" + i + "\"")))
            .toList();
    await().atMost(WAIT).until(() -> turns.messages().size() == 8);
    for (InboundMessage message : turns.messages()) {
      turns.say(message.ref(), "for " + message.request().user());
      turns.end(message.ref(), EndReason.STOP);
    }
    for (int i = 0; i < 8; i++) {
      assertThat(replies.get(i).get(20, TimeUnit.SECONDS).body()).contains("for u" + i + "\"");
    }
  }
}
