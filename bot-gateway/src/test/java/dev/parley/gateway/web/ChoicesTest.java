package dev.parley.gateway.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.gateway.chat.InboundMessage;
import dev.parley.gateway.chat.Submission;
import dev.parley.shared.openai.SseEvent;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.TokenLogprob;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Several choices of one request, and logprobs, at the gateway's door.
class ChoicesTest extends WebTest {
  private static final String PATH = "/v1/chat/completions";
  private static final String USAGE =
      ",\"stream\":true,\"stream_options\":{\"include_usage\":true}";

  private static String chat(String more) {
    return "{\"model\":\"tiny\",\"seed\":7,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]"
        + more
        + "}";
  }

  private CompletableFuture<HttpResponse<String>> whole(String more) {
    return http.sendAsync(posting(PATH, chat(more)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static TokenLogprob logprob(String token) {
    return new TokenLogprob(token.chars().boxed().toList(), -0.5, List.of());
  }

  private void awaitTurns(int count) {
    await().atMost(WAIT).until(() -> turns.messages().size() == count);
  }

  private void awaitStopped(TurnRef turn) {
    await().atMost(WAIT).until(() -> turns.ending(turn).isPresent());
    assertThat(turns.ending(turn)).contains(EndReason.CANCELLED);
  }

  @Test
  void each_choice_is_a_turn_of_its_own_with_a_seed_of_its_own() throws Exception {
    var reply = whole(",\"n\":3");
    awaitTurns(3);
    List<InboundMessage> messages = turns.messages();
    assertThat(messages.stream().map(InboundMessage::conversation).distinct()).hasSize(3);
    assertThat(messages.stream().map(m -> m.ref().turnId()).distinct()).hasSize(1);
    assertThat(messages.stream().map(m -> m.request().sampling().seed()))
        .containsExactly(7L, 0x9E3779B97F4A7C1CL, 0x3C6EF372FE94F831L);
    assertThat(turns.open()).hasSize(3);
    for (int i = 2; i >= 0; i--) {
      turns.say(turn(i), "answer " + i);
      turns.end(turn(i), i == 1 ? EndReason.LENGTH : EndReason.STOP);
    }
    JsonNode body = json(reply.get(20, TimeUnit.SECONDS).body());
    assertThat(body.at("/choices").size()).isEqualTo(3);
    for (int i = 0; i < 3; i++) {
      JsonNode choice = body.at("/choices/" + i);
      assertThat(choice.at("/index").asInt()).isEqualTo(i);
      assertThat(choice.at("/message/content").asText()).isEqualTo("answer " + i);
      assertThat(choice.at("/finish_reason").asText()).isEqualTo(i == 1 ? "length" : "stop");
    }
    assertThat(body.at("/usage/prompt_tokens").asInt()).isEqualTo(10);
    assertThat(body.at("/usage/completion_tokens").asInt()).isEqualTo(3);
  }

  @Test
  void streamed_choices_are_mixed_and_end_with_one_usage() throws Exception {
    try (Events events = stream(posting(PATH, chat(",\"n\":2" + USAGE)))) {
      for (int i = 0; i < 2; i++) {
        JsonNode role = json(events.next().data());
        assertThat(role.at("/choices/0/index").asInt()).isEqualTo(i);
        assertThat(role.at("/choices/0/delta/role").asText()).isEqualTo("assistant");
      }
      awaitTurns(2);
      turns.say(turn(1), "one");
      assertThat(choice(events)).isEqualTo("1 one");
      turns.say(turn(0), "zero");
      assertThat(choice(events)).isEqualTo("0 zero");
      turns.end(turn(1), EndReason.STOP);
      JsonNode end = json(events.next().data());
      assertThat(end.at("/choices/0/index").asInt()).isEqualTo(1);
      assertThat(end.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
      turns.say(turn(0), "!");
      assertThat(choice(events)).isEqualTo("0 !");
      turns.end(turn(0), EndReason.STOP);
      assertThat(json(events.next().data()).at("/choices/0/index").asInt()).isZero();
      assertThat(json(events.next().data()).at("/usage/completion_tokens").asInt()).isEqualTo(3);
      assertThat(events.next()).isEqualTo(SseEvent.data("[DONE]"));
      assertThat(events.ended()).isTrue();
    }
  }

  private static String choice(Events events) throws Exception {
    JsonNode choice = json(events.next().data()).at("/choices/0");
    return choice.at("/index").asInt() + " " + choice.at("/delta/content").asText();
  }

  @Test
  void a_choice_that_fails_is_one_error_for_all_and_stops_the_others() throws Exception {
    var reply = whole(",\"n\":2");
    awaitTurns(2);
    turns.say(turn(0), "good");
    turns.end(turn(1), EndReason.ENGINE);
    HttpResponse<String> response = reply.get(20, TimeUnit.SECONDS);
    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(json(response.body()).at("/error/code").asText()).isEqualTo("engine_error");
    awaitStopped(turn(0));
    try (Events events = stream(posting(PATH, chat(",\"n\":2,\"stream\":true")))) {
      events.next();
      events.next();
      awaitTurns(4);
      turns.end(turn(3), EndReason.ENGINE);
      assertThat(json(events.next().data()).at("/error/code").asText()).isEqualTo("engine_error");
      assertThat(events.ended()).isTrue();
    }
    awaitStopped(turn(2));
  }

  @Test
  void a_choice_that_is_refused_is_one_error_and_leaves_nothing_open() throws Exception {
    turns.refuseAfter(
        1,
        new Submission.Refused(
            Submission.Refusal.UNAVAILABLE, "Redis is away.", Duration.ofSeconds(2)));
    HttpResponse<String> response = post(PATH, chat(",\"n\":2,\"stream\":true"));
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(json(response.body()).at("/error/message").asText()).isEqualTo("Redis is away.");
    awaitStopped(turn(0));
    assertThat(turns.messages()).hasSize(1);
    assertThat(turns.listeners(turn(0))).isZero();
  }

  @Test
  void a_client_that_leaves_stops_all_its_choices() throws Exception {
    Events events = stream(posting(PATH, chat(",\"n\":3,\"stream\":true")));
    awaitTurns(3);
    events.close();
    for (int i = 0; i < 3; i++) {
      awaitStopped(turn(i));
    }
  }

  @Test
  void a_repeated_key_is_the_same_choices() throws Exception {
    HttpRequest request = posting(PATH, chat(",\"n\":2")).header("Idempotency-Key", "k").build();
    var first = http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    awaitTurns(2);
    turns.say(turn(0), "a");
    turns.say(turn(1), "b");
    turns.end(turn(0), EndReason.STOP);
    turns.end(turn(1), EndReason.STOP);
    String body = first.get(20, TimeUnit.SECONDS).body();
    HttpResponse<String> again = http.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(json(again.body()).at("/choices")).isEqualTo(json(body).at("/choices"));
    assertThat(turns.messages()).hasSize(2);
  }

  @Test
  void more_choices_than_four_are_refused_by_name() throws Exception {
    HttpResponse<String> response = post(PATH, chat(",\"n\":5"));
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(json(response.body()).at("/error/param").asText()).isEqualTo("n");
    assertThat(turns.messages()).isEmpty();
  }

  @Test
  void a_whole_answer_has_the_logprobs_of_its_tokens() throws Exception {
    var reply = whole(",\"logprobs\":true");
    assertThat(message(0).request().sampling().logprobs().wanted()).isTrue();
    turns.say(turn(0), "old", List.of(logprob("old")));
    turns.restart(turn(0), "");
    turns.say(turn(0), "Hel", List.of(logprob("Hel")));
    turns.say(turn(0), "lo", List.of(logprob("lo")));
    turns.say(turn(0), "", List.of(logprob(".")));
    turns.end(turn(0), EndReason.STOP);
    JsonNode choice = json(reply.get(20, TimeUnit.SECONDS).body()).at("/choices/0");
    assertThat(choice.at("/logprobs/content").findValuesAsText("token"))
        .containsExactly("Hel", "lo", ".");
    assertThat(choice.at("/logprobs/content/0/logprob").asDouble()).isEqualTo(-0.5);
  }

  @Test
  void streamed_logprobs_come_with_their_text_and_each_once() throws Exception {
    try (Events events = stream(posting(PATH, chat(",\"stream\":true,\"logprobs\":true")))) {
      events.next();
      turns.say(turn(0), "", List.of(logprob("H")));
      turns.say(turn(0), "He", List.of(logprob("e")));
      JsonNode chunk = json(events.next().data()).at("/choices/0");
      assertThat(chunk.at("/delta/content").asText()).isEqualTo("He");
      assertThat(chunk.at("/logprobs/content").findValuesAsText("token")).containsExactly("H", "e");
      turns.say(turn(0), "", List.of(logprob("!")));
      turns.end(turn(0), EndReason.STOP);
      JsonNode last = json(events.next().data()).at("/choices/0");
      assertThat(last.at("/delta/content").asText()).isEmpty();
      assertThat(last.at("/logprobs/content").findValuesAsText("token")).containsExactly("!");
      assertThat(json(events.next().data()).at("/choices/0/finish_reason").asText())
          .isEqualTo("stop");
    }
  }

  @Test
  void more_logprobs_than_a_record_should_hold_are_refused_with_what_would_do() throws Exception {
    HttpResponse<String> refused =
        post(PATH, chat(",\"logprobs\":true,\"top_logprobs\":20,\"max_tokens\":1561"));
    assertThat(refused.statusCode()).isEqualTo(400);
    JsonNode error = json(refused.body()).at("/error");
    assertThat(error.at("/param").asText()).isEqualTo("top_logprobs");
    assertThat(error.at("/message").asText()).contains("1560");
    assertThat(turns.messages()).isEmpty();
    var taken = whole(",\"logprobs\":true,\"top_logprobs\":20,\"max_tokens\":1560");
    turns.end(turn(0), EndReason.STOP);
    assertThat(taken.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }
}
