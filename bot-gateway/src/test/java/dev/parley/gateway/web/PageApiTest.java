package dev.parley.gateway.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.gateway.chat.InboundMessage;
import dev.parley.gateway.chat.Submission;
import dev.parley.shared.openai.SseEvent;
import dev.parley.shared.wire.EndReason;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PageApiTest extends WebTest {
  private static final String C = "conversation-000001";

  private static String id(int n) {
    return "message-%016d".formatted(n);
  }

  private HttpResponse<String> submit(int n, String text) throws Exception {
    return post(
        "/api/turns",
        JSON.createObjectNode()
            .put("id", id(n))
            .put("conversation", C)
            .put("text", text)
            .toString());
  }

  private Events follow(int n, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri("/api/turns/" + C + "/" + id(n) + "/events"));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return stream(request);
  }

  @Test
  void a_message_is_taken_with_history_and_may_be_sent_twice() throws Exception {
    HttpResponse<String> first = submit(1, "Hi");
    assertThat(first.statusCode()).isEqualTo(202);
    InboundMessage message = message(0);
    assertThat(message.request().useHistory()).isTrue();
    assertThat(message.request().reply().adoptable()).isTrue();
    assertThat(message.conversation()).isEqualTo("web:local:" + C);
    assertThat(json(first.body()).at("/turn").asText()).isEqualTo(message.ref().turnId());
    HttpResponse<String> second = submit(1, "Hi");
    assertThat(second.statusCode()).isEqualTo(200);
    assertThat(json(second.body()).at("/ended").asBoolean()).isFalse();
    assertThat(turns.messages()).hasSize(1);
    assertThat(turns.listeners(message.ref())).isZero();
  }

  @Test
  void the_second_message_of_a_conversation_waits_with_its_position() throws Exception {
    submit(1, "one");
    assertThat(json(submit(2, "two").body()).at("/before").asInt()).isEqualTo(1);
    try (Events events = follow(2)) {
      JsonNode snapshot = json(events.next().data());
      assertThat(snapshot.at("/state").asText()).isEqualTo("WAITING");
      assertThat(snapshot.at("/before").asInt()).isEqualTo(1);
      SseEvent position = events.next();
      assertThat(position.name()).isEqualTo("position");
      turns.end(turn(0), EndReason.STOP);
      SseEvent moved = events.next();
      assertThat(json(moved.data()).at("/before").asInt()).isZero();
    }
  }

  @Test
  void events_are_a_snapshot_then_what_is_added_then_the_end() throws Exception {
    submit(1, "Hi");
    turns.say(turn(0), "Hel");
    try (Events events = follow(1)) {
      SseEvent snapshot = events.next();
      assertThat(snapshot.name()).isEqualTo("snapshot");
      assertThat(json(snapshot.data()).at("/text").asText()).isEqualTo("Hel");
      turns.say(turn(0), "lo");
      SseEvent text = events.next();
      assertThat(text.name()).isEqualTo("text");
      assertThat(json(text.data()).at("/at").asInt()).isEqualTo(3);
      assertThat(json(text.data()).at("/text").asText()).isEqualTo("lo");
      turns.end(turn(0), EndReason.STOP);
      SseEvent end = events.next();
      assertThat(end.name()).isEqualTo("end");
      assertThat(json(end.data()).at("/answered").asBoolean()).isTrue();
      assertThat(events.ended()).isTrue();
    }
  }

  @Test
  void a_reader_that_comes_back_gets_only_what_it_lacks() throws Exception {
    submit(1, "Hi");
    turns.say(turn(0), "Hello \uD83D\uDE00");
    String mark;
    try (Events events = follow(1)) {
      mark = events.next().id().orElseThrow();
    }
    turns.say(turn(0), " there");
    try (Events events = follow(1, "Last-Event-ID", mark)) {
      JsonNode snapshot = json(events.next().data());
      assertThat(snapshot.at("/from").asInt()).isEqualTo(8);
      assertThat(snapshot.at("/text").asText()).isEqualTo(" there");
    }
    turns.restart(turn(0), "Different");
    try (Events events = follow(1, "Last-Event-ID", mark)) {
      JsonNode snapshot = json(events.next().data());
      assertThat(snapshot.at("/from").asInt()).isZero();
      assertThat(snapshot.at("/text").asText()).isEqualTo("Different");
    }
    try (Events events = follow(1, "Last-Event-ID", "nonsense")) {
      assertThat(json(events.next().data()).at("/text").asText()).isEqualTo("Different");
    }
  }

  @Test
  void a_restarted_answer_replaces_what_was_shown() throws Exception {
    submit(1, "Hi");
    try (Events events = follow(1)) {
      events.next();
      turns.say(turn(0), "one");
      events.next();
      turns.restart(turn(0), "two");
      SseEvent restart = events.next();
      assertThat(restart.name()).isEqualTo("restart");
      assertThat(json(restart.data()).at("/text").asText()).isEqualTo("two");
    }
  }

  @Test
  void a_page_that_leaves_does_not_stop_its_turn_and_leaves_no_listener() throws Exception {
    submit(1, "Hi");
    Events events = follow(1);
    events.next();
    await().atMost(WAIT).until(() -> turns.listeners(turn(0)) == 1);
    events.close();
    await().atMost(WAIT).until(() -> turns.listeners(turn(0)) == 0);
    assertThat(turns.ending(turn(0))).isEmpty();
  }

  @Test
  void stop_ends_the_turn_and_says_so() throws Exception {
    submit(1, "Hi");
    turns.say(turn(0), "Hel");
    try (Events events = follow(1)) {
      events.next();
      JsonNode reply = json(post("/api/turns/" + C + "/" + id(1) + "/cancel", "").body());
      assertThat(reply.at("/cancelled").asBoolean()).isTrue();
      JsonNode end = json(events.next().data());
      assertThat(end.at("/end").asText()).isEqualTo("CANCELLED");
      assertThat(end.at("/sentence").asText()).isEqualTo("Stopped.");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = EndReason.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"STOP", "LENGTH"})
  void an_end_that_is_no_answer_is_told_in_a_sentence(EndReason reason) throws Exception {
    submit(1, "Hi");
    turns.end(turn(0), reason);
    try (Events events = follow(1)) {
      // The text so far, which is none.
      events.next();
      JsonNode end = json(events.next().data());
      assertThat(end.at("/end").asText()).isEqualTo(reason.name());
      assertThat(end.at("/sentence").asText()).isEqualTo(reason.sentence());
    }
  }

  @Test
  void a_conversation_lists_its_finished_exchanges() throws Exception {
    submit(1, "Hi");
    turns.say(turn(0), "Hello");
    turns.end(turn(0), EndReason.STOP);
    submit(2, "Again");
    turns.end(turn(1), EndReason.EXPIRED);
    submit(3, "Open");
    JsonNode exchanges = json(get("/api/conversations/" + C).body()).at("/exchanges");
    assertThat(exchanges).hasSize(2);
    assertThat(exchanges.at("/0/user").asText()).isEqualTo("Hi");
    assertThat(exchanges.at("/0/answer").asText()).isEqualTo("Hello");
    assertThat(exchanges.at("/0/answered").asBoolean()).isTrue();
    assertThat(exchanges.at("/1/sentence").asText()).isEqualTo(EndReason.EXPIRED.sentence());
    assertThat(json(get("/api/conversations/another-conversation").body()).at("/exchanges"))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"id\":\"message-0000000000000001\",\"conversation\":\"conversation-000001\"}', text",
    "'{\"id\":\"short\",\"conversation\":\"conversation-000001\",\"text\":\"x\"}', id",
    "'{\"id\":\"message-0000000000000001\",\"conversation\":\"../../etc\",\"text\":\"x\"}',"
        + " conversation",
    "'{\"id\":\"message-0000000000000001\",\"conversation\":\"conversation-000001\","
        + "\"text\":\"  \"}', text",
    "'{\"id\":\"message-0000000000000001\",\"conversation\":\"conversation-000001\","
        + "\"text\":\"\\u0000\"}', text",
    "'{\"id\":7,\"conversation\":\"conversation-000001\",\"text\":\"x\"}', id",
    "'{\"id\":\"message-0000000000000001\",\"conversation\":\"conversation-000001\","
        + "\"text\":\"x\",\"temperature\":9}', temperature",
  })
  void a_bad_message_is_refused_by_the_field_at_fault(String body, String param) throws Exception {
    HttpResponse<String> response = post("/api/turns", body);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(json(response.body()).at("/error/param").asText()).isEqualTo(param);
    assertThat(turns.messages()).isEmpty();
  }

  @Test
  void a_message_that_is_too_long_is_refused_with_the_numbers() throws Exception {
    HttpResponse<String> response = submit(1, "x".repeat(100_001));
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(json(response.body()).at("/error/message").asText())
        .contains("100,001")
        .contains("100,000");
  }

  @Test
  void refusals_and_a_silent_store_are_told_in_a_sentence() throws Exception {
    turns.refuse(
        new Submission.Refused(
            Submission.Refusal.TOO_MANY, "Too much is waiting.", Duration.ofSeconds(4)));
    HttpResponse<String> refused = submit(1, "Hi");
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(json(refused.body()).at("/error/message").asText())
        .isEqualTo("Too much is waiting.");
    turns.unavailable(true);
    for (HttpResponse<String> response :
        List.of(
            get("/api/conversations/" + C),
            get("/api/turns/" + C + "/" + id(1) + "/events"),
            post("/api/turns/" + C + "/" + id(1) + "/cancel", ""))) {
      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.headers().firstValue("retry-after")).isPresent();
    }
  }

  @Test
  void an_unknown_turn_is_not_found() throws Exception {
    HttpResponse<String> response = get("/api/turns/" + C + "/" + id(9) + "/events");
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(json(response.body()).at("/error/message").asText()).contains("send it again");
  }
}
