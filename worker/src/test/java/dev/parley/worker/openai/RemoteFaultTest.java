package dev.parley.worker.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.shared.config.Secret;
import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.Sampling;
import dev.parley.shared.wire.Usage;
import dev.parley.worker.engine.Engine;
import dev.parley.worker.engine.EngineOutput.Ended;
import dev.parley.worker.engine.EngineProbe;
import dev.parley.worker.engine.EngineRequest;
import dev.parley.worker.engine.Resume;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a server may do wrong, one at a time: the request ends once, its slot is free, and another request that
/// is answered meanwhile knows nothing of it.
class RemoteFaultTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Duration SHORT = Duration.ofMillis(200);

  private final ScriptedServer server = new ScriptedServer();
  private final EngineProbe probe = new EngineProbe();
  private Engine engine = start(LONG, LONG);

  private Engine start(Duration firstToken, Duration idle) {
    return RemoteEngine.start(
        RemoteSettings.of(server.url())
            .withKey(Optional.of(new Secret("a-secret")))
            .withRoom(2, 8)
            .withPatience(firstToken, idle, LONG),
        probe);
  }

  private void patience(Duration firstToken, Duration idle) {
    engine.close();
    engine = start(firstToken, idle);
  }

  @AfterEach
  void stop() {
    engine.close();
    server.close();
    assertThat(probe.broken()).isEmpty();
  }

  private static EngineRequest request(String message) {
    return EngineRequest.of(message, List.of(ChatMessage.user(message)), Sampling.greedy(50));
  }

  /// Runs a request beside another one.
  private Ended run(ScriptedServer.Script script) {
    server.when("fault", script);
    engine.submit(request("fault"));
    engine.submit(request("other"));
    assertThat(probe.awaitEnd("other").reason()).isEqualTo(EndReason.STOP);
    assertThat(probe.text("other")).isEqualTo("Hello, world.");
    Ended ended = probe.awaitEnd("fault");
    await().until(() -> engine.load().free() == 2);
    await().until(() -> server.open() == 0);
    return ended;
  }

  private void assertApology(Ended ended, String detail) {
    assertThat(ended.reason()).isEqualTo(EndReason.ENGINE);
    assertThat(ended.detail()).contains(detail).doesNotContain("\n");
    assertThat(server.tries("fault")).isOne();
  }

  @Test
  void an_answer_comes_with_the_servers_usage() {
    Ended ended = run((reply, _) -> reply.hello());
    assertThat(ended.usage()).isEqualTo(new Usage(9, 3, 4));
    assertThat(engine.totals().promptTokens()).isEqualTo(18);
    assertThat(engine.totals().reusedTokens()).isEqualTo(8);
    assertThat(probe.text("fault")).isEqualTo("Hello, world.");
    assertThat(server.heads()).allMatch(head -> head.contains("Authorization: Bearer a-secret"));
    assertThat(server.bodies()).allMatch(body -> body.path("model").asText().equals("scripted"));
  }

  @Test
  void silence_before_the_first_piece_ends_with_an_apology_after_some_tries() {
    patience(SHORT, LONG);
    server.when("fault", (reply, _) -> reply.hang());
    engine.submit(request("fault"));
    Ended ended = probe.awaitEnd("fault");
    assertThat(ended.reason()).isEqualTo(EndReason.ENGINE);
    assertThat(ended.detail()).contains("PARLEY_REMOTE_FIRST_TOKEN_S");
    assertThat(server.tries("fault")).isEqualTo(4);
    await().until(() -> server.open() == 0);
    assertThat(engine.load().free()).isEqualTo(2);
  }

  @Test
  void silence_in_the_midst_of_an_answer_ends_with_an_apology() {
    patience(LONG, SHORT);
    server.when(
        "fault",
        (reply, _) -> {
          reply.stream();
          reply.text("Hel");
          reply.hang();
        });
    engine.submit(request("fault"));
    assertApology(probe.awaitEnd("fault"), "PARLEY_REMOTE_IDLE_S");
    assertThat(probe.text("fault")).isEqualTo("Hel");
    await().until(() -> server.open() == 0);
  }

  @Test
  void a_server_that_does_not_hang_up_after_the_end_is_left() {
    Ended ended =
        run((reply, _) -> {
          reply.stream();
          reply.text("Bye");
          reply.finish("stop");
          reply.event("[DONE]");
          reply.hang();
        });
    assertThat(ended.reason()).isEqualTo(EndReason.STOP);
    assertThat(ended.usage()).isEqualTo(new Usage(0, 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"not JSON", "{\"choices\":[", "[]", "7"})
  void events_that_are_no_json_objects_end_with_an_apology(String data) {
    Ended ended =
        run((reply, _) -> {
          reply.stream();
          reply.text("Hel");
          reply.event(data);
          reply.hang();
        });
    assertApology(ended, "does not speak the OpenAI protocol");
  }

  @Test
  void a_stream_that_is_cut_in_the_midst_ends_with_an_apology() {
    Ended ended =
        run((reply, _) -> {
          reply.stream();
          reply.text("Hel");
        });
    assertApology(ended, "broke its answer off");
    assertThat(probe.text("fault")).isEqualTo("Hel");
  }

  @Test
  void a_stream_that_is_cut_before_its_first_piece_is_asked_for_again() {
    Ended ended =
        run((reply, tries) -> {
          if (tries < 3) {
            reply.stream();
          } else {
            reply.hello();
          }
        });
    assertThat(ended.reason()).isEqualTo(EndReason.STOP);
    assertThat(probe.text("fault")).isEqualTo("Hello, world.");
  }

  @Test
  void a_stream_that_is_cut_after_it_said_how_it_ended_is_whole() {
    Ended ended =
        run((reply, _) -> {
          reply.stream();
          reply.text("Bye");
          reply.finish("length");
        });
    assertThat(ended.reason()).isEqualTo(EndReason.LENGTH);
    assertThat(probe.text("fault")).isEqualTo("Bye");
  }

  @Test
  void a_stream_that_never_says_how_it_ended_is_not_whole() {
    Ended ended =
        run((reply, _) -> {
          reply.stream();
          reply.text("Hel");
          reply.done();
        });
    assertApology(ended, "never said how it ended");
  }

  @Test
  void too_many_requests_are_sent_again_when_the_server_says() {
    Ended ended =
        run((reply, tries) -> {
          if (tries == 1) {
            reply.whole(429, "Retry-After: 1\r\n", "{\"error\":{\"message\":\"busy\"}}");
          } else {
            reply.hello();
          }
        });
    assertThat(ended.reason()).isEqualTo(EndReason.STOP);
    assertThat(server.tries("fault")).isEqualTo(2);
  }

  @Test
  void a_broken_server_is_asked_four_times() {
    Ended ended = run((reply, _) -> reply.whole(500, "", "{\"error\":{\"message\":\"no GPU\"}}"));
    assertThat(ended.reason()).isEqualTo(EndReason.ENGINE);
    assertThat(ended.detail()).contains("500", "no GPU");
    assertThat(server.tries("fault")).isEqualTo(4);
  }

  @Test
  void an_endless_line_ends_with_an_apology() {
    byte[] noise = new byte[64 << 10];
    Arrays.fill(noise, (byte) 'x');
    Ended ended =
        run((reply, _) -> {
          reply.stream();
          reply.piece("data: ".getBytes(UTF_8));
          while (true) {
            reply.piece(noise);
          }
        });
    assertApology(ended, "an event has more than");
  }

  @Test
  void an_answer_that_is_no_stream_ends_with_an_apology() {
    assertApology(run((reply, _) -> reply.whole(200, "", "{\"choices\":[]}")), "event stream");
  }

  @Test
  void a_page_in_place_of_a_stream_ends_with_an_apology() {
    Ended ended =
        run((reply, _) -> {
          reply.begin("text/html");
          reply.piece("<html>log in</html>".getBytes(UTF_8));
          reply.end();
        });
    assertApology(ended, "text/html");
  }

  @Test
  void an_empty_answer_is_an_answer() {
    Ended ended =
        run((reply, _) -> {
          reply.stream();
          reply.finish("stop");
          reply.done();
        });
    assertThat(ended.reason()).isEqualTo(EndReason.STOP);
    assertThat(probe.text("fault")).isEmpty();
  }

  @Test
  void an_error_in_the_stream_ends_with_an_apology() {
    Ended ended =
        run((reply, _) -> {
          reply.stream();
          reply.text("Hel");
          reply.event("{\"error\":{\"message\":\"out of\\nmemory\",\"type\":\"server_error\"}}");
          reply.hang();
        });
    assertApology(ended, "out of memory");
  }

  @Test
  void a_prompt_that_is_too_long_is_the_requests_own_error() {
    Ended ended =
        run((reply, _) ->
            reply.whole(
                400,
                "",
                "{\"object\":\"error\",\"message\":\"This model's maximum context length is 8192"
                    + " tokens.\"}"));
    assertThat(ended.reason()).isEqualTo(EndReason.TOO_LONG);
    assertThat(ended.detail()).contains("8192");
    assertThat(server.tries("fault")).isOne();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 422})
  void a_refused_request_is_not_sent_again(int status) {
    Ended ended = run((reply, _) -> reply.whole(status, "", "{\"detail\":\"top_k: unknown\"}"));
    assertThat(ended.reason()).isEqualTo(EndReason.DECLINED);
    assertThat(ended.detail()).contains("top_k: unknown");
    assertThat(server.tries("fault")).isOne();
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 302})
  void what_an_operator_must_mend_ends_with_an_apology(int status) {
    assertApology(run((reply, _) -> reply.whole(status, "", "")), "correct PARLEY_");
  }

  @Test
  void characters_that_are_split_between_pieces_come_whole() {
    String event =
        "data: {\"choices\":[{\"delta\":{\"content\":\"Grüße, 世界 👋 \\\"\\u00e9\\n\"}}]}\r\n\r\n";
    Ended ended =
        run((reply, _) -> {
          reply.stream();
          for (byte b : event.getBytes(UTF_8)) {
            reply.piece(new byte[] {b});
          }
          reply.finish("stop");
          reply.done();
        });
    assertThat(ended.reason()).isEqualTo(EndReason.STOP);
    assertThat(probe.text("fault")).isEqualTo("Grüße, 世界 👋 \"é\n");
  }

  @Test
  void comments_roles_and_reasoning_are_no_text() {
    Ended ended =
        run((reply, _) -> {
          reply.stream();
          reply.piece(": still here\n\n".getBytes(UTF_8));
          reply.event("{\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":null}}]}");
          reply.event("{\"choices\":[{\"delta\":{\"reasoning_content\":\"hm\"}}]}");
          reply.text("Yes.");
          reply.finish("stop");
          reply.done();
        });
    assertThat(ended.reason()).isEqualTo(EndReason.STOP);
    assertThat(probe.text("fault")).isEqualTo("Yes.");
  }

  @Test
  void a_cancel_in_the_midst_of_an_answer_closes_the_connection() {
    server.when(
        "fault",
        (reply, _) -> {
          reply.stream();
          reply.text("Hel");
          reply.hang();
        });
    engine.submit(request("fault"));
    probe.awaitPieces("fault", 1);
    engine.cancel("fault");
    assertThat(probe.awaitEnd("fault").reason()).isEqualTo(EndReason.CANCELLED);
    assertThat(engine.load().free()).isEqualTo(2);
    await().until(() -> server.open() == 0);
  }

  @Test
  void a_cancel_before_the_first_piece_closes_the_connection() {
    server.when("fault", (reply, _) -> reply.hang());
    engine.submit(request("fault"));
    await().until(() -> server.open() == 1);
    engine.cancel("fault");
    assertThat(probe.awaitEnd("fault").reason()).isEqualTo(EndReason.CANCELLED);
    await().until(() -> server.open() == 0);
  }

  @Test
  void a_server_that_comes_late_answers_what_waits_for_it() throws Exception {
    int port = server.url().getPort();
    server.close();
    patience(LONG, LONG);
    engine.submit(request("early"));
    await().until(() -> engine.trouble().orElse("").contains("cannot be reached"));
    try (FakeEngineServer late = new FakeEngineServer(port)) {
      assertThat(probe.awaitEnd("early").reason().answered()).isTrue();
      assertThat(late.port()).isEqualTo(port);
      await().until(() -> engine.trouble().isEmpty());
    }
  }

  @Test
  void what_another_attempt_had_shown_is_void_when_the_first_piece_comes() {
    server.when(
        "fault",
        (reply, tries) -> {
          if (tries == 1) {
            reply.whole(503, "", "");
          } else {
            reply.hello();
          }
        });
    engine.submit(
        new EngineRequest(
            "fault",
            "",
            "",
            List.of(ChatMessage.user("fault")),
            Sampling.greedy(50),
            new Resume(List.of(), "Hel"),
            false,
            Lane.INTERACTIVE));
    assertThat(probe.awaitEnd("fault").reason()).isEqualTo(EndReason.STOP);
    assertThat(probe.restarts("fault")).isOne();
    assertThat(probe.text("fault")).isEqualTo("Hello, world.");
  }

  @Test
  void never_more_than_the_slots_are_asked_for_at_once() {
    List<String> ids = IntStream.range(0, 8).mapToObj(i -> "r" + i).toList();
    ids.forEach(id -> engine.submit(request(id)));
    ids.forEach(id -> assertThat(probe.awaitEnd(id).reason()).isEqualTo(EndReason.STOP));
    assertThat(server.mostOpen()).isLessThanOrEqualTo(2);
  }

  @Test
  void a_closed_engine_leaves_the_server_and_says_nothing() {
    server.when(
        "fault",
        (reply, _) -> {
          reply.stream();
          reply.text("Hel");
          reply.hang();
        });
    engine.submit(request("fault"));
    probe.awaitPieces("fault", 1);
    engine.close();
    await().until(() -> server.open() == 0);
    assertThat(probe.ends("fault")).isEmpty();
    assertThat(engine.progress().alive()).isFalse();
  }
}
