package dev.parley.worker.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.Sampling;
import dev.parley.shared.wire.Usage;
import dev.parley.worker.engine.EngineOutput.Ended;
import dev.parley.worker.engine.EngineRequest;
import dev.parley.worker.engine.Resume;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a server may do wrong, one at a time: the request ends once, its slot is free, and another request that
/// is answered meanwhile knows nothing of it.
class RemoteFaultTest {
  private static final Duration SHORT = Duration.ofMillis(200);

  private final RemoteRig rig = new RemoteRig();

  @AfterEach
  void stop() {
    rig.close();
  }

  private void assertApology(Ended ended, String detail) {
    assertThat(ended.reason()).isEqualTo(EndReason.ENGINE);
    assertThat(ended.detail()).contains(detail).doesNotContain("\n");
    assertThat(rig.tries()).isOne();
  }

  @Test
  void an_answer_comes_with_the_servers_usage() {
    Ended ended = rig.run((reply, _) -> reply.hello());
    assertThat(ended.usage()).isEqualTo(new Usage(9, 3, 4));
    assertThat(rig.engine().totals().promptTokens()).isEqualTo(18);
    assertThat(rig.engine().totals().reusedTokens()).isEqualTo(8);
    assertThat(rig.text()).isEqualTo("Hello, world.");
    assertThat(rig.server().heads())
        .allMatch(head -> head.contains("Authorization: Bearer a-secret"));
    assertThat(rig.server().bodies())
        .allMatch(body -> body.path("model").asText().equals("scripted"));
  }

  /// As llama-server does with one that was idle for five seconds. The process is started with this asked of
  /// the JDK: see the launcher's `Main`.
  @Test
  void a_kept_connection_that_closes_under_the_next_request_is_not_held_against_the_server() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    rig.engine().bindTo(meters);
    for (int i = 0; i < 10; i++) {
      String message = "message " + i;
      rig.server()
          .when(
              message,
              (reply, _) -> {
                reply.hello();
                reply.leaveAtNextRequest();
              });
      rig.engine().submit(RemoteRig.request(message));
      assertThat(rig.probe().awaitEnd(message).reason()).isEqualTo(EndReason.STOP);
    }
    assertThat(rig.server().cutRequests()).isPositive();
    Timer failed = meters.get("resilience4j.circuitbreaker.calls").tag("kind", "failed").timer();
    assertThat(failed.count()).isZero();
  }

  @Test
  void silence_before_the_first_piece_ends_with_an_apology_after_some_tries() {
    rig.patience(SHORT, RemoteRig.LONG);
    rig.ask((reply, _) -> reply.hang());
    Ended ended = rig.awaitEnd();
    assertThat(ended.reason()).isEqualTo(EndReason.ENGINE);
    assertThat(ended.detail()).contains("PARLEY_REMOTE_FIRST_TOKEN_S");
    assertThat(rig.tries()).isEqualTo(4);
    rig.awaitHungUp();
    assertThat(rig.engine().load().free()).isEqualTo(2);
  }

  @Test
  void silence_in_the_midst_of_an_answer_ends_with_an_apology() {
    rig.patience(RemoteRig.LONG, SHORT);
    rig.ask((reply, _) -> {
      reply.begun("Hel");
      reply.hang();
    });
    assertApology(rig.awaitEnd(), "PARLEY_REMOTE_IDLE_S");
    assertThat(rig.text()).isEqualTo("Hel");
    rig.awaitHungUp();
  }

  @Test
  void a_server_that_does_not_hang_up_after_the_end_is_left() {
    Ended ended =
        rig.run((reply, _) -> {
          reply.begun("Bye");
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
        rig.run((reply, _) -> {
          reply.begun("Hel");
          reply.event(data);
          reply.hang();
        });
    assertApology(ended, "does not speak the OpenAI protocol");
  }

  @Test
  void a_stream_that_is_cut_in_the_midst_ends_with_an_apology() {
    Ended ended =
        rig.run((reply, _) -> {
          reply.begun("Hel");
        });
    assertApology(ended, "broke its answer off");
    assertThat(rig.text()).isEqualTo("Hel");
  }

  @Test
  void a_stream_that_is_cut_before_its_first_piece_is_asked_for_again() {
    Ended ended =
        rig.run((reply, tries) -> {
          if (tries < 3) {
            reply.stream();
          } else {
            reply.hello();
          }
        });
    assertThat(ended.reason()).isEqualTo(EndReason.STOP);
    assertThat(rig.text()).isEqualTo("Hello, world.");
  }

  @Test
  void a_stream_that_is_cut_after_it_said_how_it_ended_is_whole() {
    Ended ended =
        rig.run((reply, _) -> {
          reply.begun("Bye");
          reply.finish("length");
        });
    assertThat(ended.reason()).isEqualTo(EndReason.LENGTH);
    assertThat(rig.text()).isEqualTo("Bye");
  }

  @Test
  void a_stream_that_never_says_how_it_ended_is_not_whole() {
    Ended ended =
        rig.run((reply, _) -> {
          reply.begun("Hel");
          reply.done();
        });
    assertApology(ended, "never said how it ended");
  }

  @Test
  void too_many_requests_are_sent_again_when_the_server_says() {
    Ended ended =
        rig.run((reply, tries) -> {
          if (tries == 1) {
            reply.whole(429, "Retry-After: 1\r\n", "{\"error\":{\"message\":\"busy\"}}");
          } else {
            reply.hello();
          }
        });
    assertThat(ended.reason()).isEqualTo(EndReason.STOP);
    assertThat(rig.tries()).isEqualTo(2);
  }

  @Test
  void a_broken_server_is_asked_four_times() {
    Ended ended =
        rig.run((reply, _) -> reply.whole(500, "", "{\"error\":{\"message\":\"no GPU\"}}"));
    assertThat(ended.reason()).isEqualTo(EndReason.ENGINE);
    assertThat(ended.detail()).contains("500", "no GPU");
    assertThat(rig.tries()).isEqualTo(4);
  }

  @Test
  void an_endless_line_ends_with_an_apology() {
    byte[] noise = new byte[64 << 10];
    Arrays.fill(noise, (byte) 'x');
    Ended ended =
        rig.run((reply, _) -> {
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
    assertApology(rig.run((reply, _) -> reply.whole(200, "", "{\"choices\":[]}")), "event stream");
  }

  @Test
  void a_page_in_place_of_a_stream_ends_with_an_apology() {
    Ended ended =
        rig.run((reply, _) -> {
          reply.begin("text/html");
          reply.piece("<html>log in</html>".getBytes(UTF_8));
          reply.end();
        });
    assertApology(ended, "text/html");
  }

  @Test
  void an_empty_answer_is_an_answer() {
    Ended ended =
        rig.run((reply, _) -> {
          reply.stream();
          reply.finish("stop");
          reply.done();
        });
    assertThat(ended.reason()).isEqualTo(EndReason.STOP);
    assertThat(rig.text()).isEmpty();
  }

  @Test
  void an_error_in_the_stream_ends_with_an_apology() {
    Ended ended =
        rig.run((reply, _) -> {
          reply.begun("Hel");
          reply.event("{\"error\":{\"message\":\"out of\\nmemory\",\"type\":\"server_error\"}}");
          reply.hang();
        });
    assertApology(ended, "out of memory");
  }

  @Test
  void a_prompt_that_is_too_long_is_the_requests_own_error() {
    Ended ended =
        rig.run((reply, _) ->
            reply.whole(
                400,
                "",
                "{\"object\":\"error\",\"message\":\"This model's maximum context length is 8192"
                    + " tokens.\"}"));
    assertThat(ended.reason()).isEqualTo(EndReason.TOO_LONG);
    assertThat(ended.detail()).contains("8192");
    assertThat(rig.tries()).isOne();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 422})
  void a_refused_request_is_not_sent_again(int status) {
    Ended ended = rig.run((reply, _) -> reply.whole(status, "", "{\"detail\":\"top_k: unknown\"}"));
    assertThat(ended.reason()).isEqualTo(EndReason.DECLINED);
    assertThat(ended.detail()).contains("top_k: unknown");
    assertThat(rig.tries()).isOne();
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 302})
  void what_an_operator_must_mend_ends_with_an_apology(int status) {
    assertApology(rig.run((reply, _) -> reply.whole(status, "", "")), "correct PARLEY_");
  }

  @Test
  void characters_that_are_split_between_pieces_come_whole() {
    String event =
        "data: {\"choices\":[{\"delta\":{\"content\":\"Grüße, 世界 👋 \\\"\\u00e9\\n\"}}]}\r\n\r\n";
    Ended ended =
        rig.run((reply, _) -> {
          reply.stream();
          for (byte b : event.getBytes(UTF_8)) {
            reply.piece(new byte[] {b});
          }
          reply.finish("stop");
          reply.done();
        });
    assertThat(ended.reason()).isEqualTo(EndReason.STOP);
    assertThat(rig.text()).isEqualTo("Grüße, 世界 👋 \"é\n");
  }

  @Test
  void comments_roles_and_reasoning_are_no_text() {
    Ended ended =
        rig.run((reply, _) -> {
          reply.stream();
          reply.piece(": still here\n\n".getBytes(UTF_8));
          reply.event("{\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":null}}]}");
          reply.event("{\"choices\":[{\"delta\":{\"reasoning_content\":\"hm\"}}]}");
          reply.text("Yes.");
          reply.finish("stop");
          reply.done();
        });
    assertThat(ended.reason()).isEqualTo(EndReason.STOP);
    assertThat(rig.text()).isEqualTo("Yes.");
  }

  @Test
  void a_cancel_in_the_midst_of_an_answer_closes_the_connection() {
    rig.ask((reply, _) -> {
      reply.begun("Hel");
      reply.hang();
    });
    rig.probe().awaitPieces("fault", 1);
    rig.engine().cancel("fault");
    assertThat(rig.awaitEnd().reason()).isEqualTo(EndReason.CANCELLED);
    assertThat(rig.engine().load().free()).isEqualTo(2);
    rig.awaitHungUp();
  }

  @Test
  void a_cancel_before_the_first_piece_closes_the_connection() {
    rig.ask((reply, _) -> reply.hang());
    await().until(() -> rig.server().open() == 1);
    rig.engine().cancel("fault");
    assertThat(rig.awaitEnd().reason()).isEqualTo(EndReason.CANCELLED);
    rig.awaitHungUp();
  }

  @Test
  void a_server_that_comes_late_answers_what_waits_for_it() throws Exception {
    int port = rig.server().url().getPort();
    rig.server().close();
    rig.patience(RemoteRig.LONG, RemoteRig.LONG);
    rig.engine().submit(RemoteRig.request("early"));
    await().until(() -> rig.engine().trouble().orElse("").contains("cannot be reached"));
    try (FakeEngineServer late = new FakeEngineServer(port)) {
      assertThat(rig.probe().awaitEnd("early").reason().answered()).isTrue();
      assertThat(late.port()).isEqualTo(port);
      await().until(() -> rig.engine().trouble().isEmpty());
    }
  }

  @Test
  void what_another_attempt_had_shown_is_void_when_the_first_piece_comes() {
    rig.server()
        .when(
            "fault",
            (reply, tries) -> {
              if (tries == 1) {
                reply.whole(503, "", "");
              } else {
                reply.hello();
              }
            });
    rig.engine()
        .submit(
            new EngineRequest(
                "fault",
                "",
                "",
                List.of(ChatMessage.user("fault")),
                Sampling.greedy(50),
                new Resume(List.of(), "Hel"),
                false,
                Lane.INTERACTIVE));
    assertThat(rig.awaitEnd().reason()).isEqualTo(EndReason.STOP);
    assertThat(rig.probe().restarts("fault")).isOne();
    assertThat(rig.text()).isEqualTo("Hello, world.");
  }

  @Test
  void never_more_than_the_slots_are_asked_for_at_once() {
    List<String> ids = IntStream.range(0, 8).mapToObj(i -> "r" + i).toList();
    ids.forEach(id -> rig.engine().submit(RemoteRig.request(id)));
    ids.forEach(id -> assertThat(rig.probe().awaitEnd(id).reason()).isEqualTo(EndReason.STOP));
    assertThat(rig.server().mostOpen()).isLessThanOrEqualTo(2);
  }

  @Test
  void a_closed_engine_leaves_the_server_and_says_nothing() {
    rig.ask((reply, _) -> {
      reply.begun("Hel");
      reply.hang();
    });
    rig.probe().awaitPieces("fault", 1);
    rig.engine().close();
    rig.awaitHungUp();
    assertThat(rig.probe().ends("fault")).isEmpty();
    assertThat(rig.engine().progress().alive()).isFalse();
  }
}
