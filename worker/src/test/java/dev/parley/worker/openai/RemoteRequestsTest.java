package dev.parley.worker.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.Sampling;
import dev.parley.worker.engine.EngineOutput;
import dev.parley.worker.engine.EngineOutput.Ended;
import dev.parley.worker.engine.EngineRequest;
import dev.parley.worker.engine.Resume;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Who is called when, on a clock that the test moves and a server that it plays.
class RemoteRequestsTest {
  private static final Duration FIRST = Duration.ofMinutes(1);
  private static final Duration IDLE = Duration.ofSeconds(20);
  private static final Duration GIVE_UP = Duration.ofMinutes(10);

  private final FakeCalls calls = new FakeCalls();
  private long nowNanos = 1;
  private final ServerHealth health = new ServerHealth(Optional.of("m"), nowNanos);
  private final RemoteRequests requests =
      new RemoteRequests(
          RemoteSettings.of(URI.create("http://server:1/"))
              .withRoom(2, 8)
              .withPatience(FIRST, IDLE, GIVE_UP),
          calls,
          health,
          () -> nowNanos);
  private final List<EngineOutput> outputs = new ArrayList<>();

  private void submit(String... ids) {
    for (String id : ids) {
      requests.submit(EngineRequest.of(id, List.of(ChatMessage.user(id)), Sampling.greedy(9)));
    }
    step();
  }

  private void step() {
    requests.step();
    outputs.addAll(requests.takeOutputs());
  }

  private void pass(Duration time) {
    nowNanos += time.toNanos();
    step();
  }

  /// The calls that are under way, by the message they ask about.
  private List<String> asked() {
    return calls.open().stream().map(FakeCalls.Fake::message).toList();
  }

  private void fail(String id, Failure failure) {
    calls.open(id).listener().broke(failure);
    step();
  }

  private void say(String id, String event) {
    FakeCalls.Fake call = calls.open(id);
    call.listener().began(200, "text/event-stream", Duration.ZERO);
    call.listener().bytes(("data: " + event + "\n\n").getBytes(UTF_8));
    step();
  }

  private void finish(String id) {
    say(id, "{\"choices\":[{\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}");
    calls.open(id).listener().finished();
    step();
  }

  private List<Ended> ends() {
    return outputs.stream().filter(Ended.class::isInstance).map(Ended.class::cast).toList();
  }

  @Test
  void the_first_to_come_are_the_first_to_be_called() {
    submit("a", "b", "c", "d");
    assertThat(asked()).containsExactly("a", "b");
    finish("a");
    assertThat(asked()).containsExactly("b", "c");
    requests.cancel("c");
    step();
    assertThat(asked()).containsExactly("b", "d");
    assertThat(requests.load().waiting()).isZero();
  }

  @Test
  void one_that_must_be_alone_is_called_alone_and_nobody_passes_it() {
    submit("a");
    requests.submit(
        new EngineRequest(
            "suspect",
            "",
            "",
            List.of(ChatMessage.user("suspect")),
            Sampling.greedy(9),
            Resume.NONE,
            true,
            Lane.INTERACTIVE));
    submit("b", "c");
    assertThat(asked()).containsExactly("a");
    finish("a");
    assertThat(asked()).containsExactly("suspect");
    finish("suspect");
    assertThat(asked()).containsExactly("b", "c");
  }

  @Test
  void one_that_waits_to_be_called_again_lets_others_pass() {
    submit("a", "b", "c");
    fail("a", Failure.cut(""));
    assertThat(asked()).containsExactly("b", "c");
    finish("b");
    finish("c");
    pass(Duration.ofSeconds(1));
    assertThat(asked()).containsExactly("a");
  }

  @Test
  void what_the_server_asks_for_is_waited_for_up_to_a_minute() {
    submit("a");
    fail("a", Failure.status(429, "", Duration.ofHours(1)));
    pass(Duration.ofSeconds(59));
    assertThat(asked()).isEmpty();
    pass(Duration.ofSeconds(1));
    assertThat(asked()).containsExactly("a");
  }

  @Test
  void a_busy_server_is_asked_until_the_time_is_over() {
    submit("a");
    for (int i = 0; i < 9; i++) {
      fail("a", Failure.status(429, "", Duration.ofMinutes(1)));
      pass(Duration.ofMinutes(1));
    }
    fail("a", Failure.status(429, "{\"error\":\"busy\"}", Duration.ofMinutes(1)));
    assertThat(ends()).hasSize(1).allMatch(end -> end.detail().contains("busy"));
    assertThat(ends().getFirst().reason()).isEqualTo(EndReason.ENGINE);
    assertThat(requests.breakerState()).isEqualTo(State.CLOSED);
    assertThat(requests.load().free()).isEqualTo(2);
  }

  @Test
  void failures_open_the_breaker_one_call_tries_and_success_closes_it() {
    submit("a", "b");
    while (requests.breakerState() == State.CLOSED) {
      asked().forEach(id -> fail(id, Failure.unreachable("refused")));
      pass(Duration.ofSeconds(2));
    }
    assertThat(requests.breakerState()).isEqualTo(State.OPEN);
    // Three times both: the fifth failure opened it, when the sixth call was on its way.
    assertThat(calls.count()).isEqualTo(RemoteRequests.BREAKER_LEAST_CALLS + 1);
    pass(Duration.ofSeconds(2));
    assertThat(asked()).isEmpty();
    assertThat(ends()).isEmpty();
    pass(RemoteRequests.BREAKER_OPEN);
    // Half open: one tries, the other waits.
    assertThat(asked()).hasSize(1);
    String first = asked().getFirst();
    fail(first, Failure.status(500, "", Duration.ZERO));
    assertThat(requests.breakerState()).isEqualTo(State.OPEN);
    pass(RemoteRequests.BREAKER_OPEN.plusSeconds(1));
    finish(asked().getFirst());
    assertThat(requests.breakerState()).isEqualTo(State.CLOSED);
    pass(Duration.ofSeconds(10));
    finish(asked().getFirst());
    assertThat(ends()).hasSize(2).allMatch(end -> end.reason() == EndReason.STOP);
  }

  @Test
  void the_breakers_state_and_what_it_holds_back_are_measured() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    requests.bindTo(registry);
    submit("a", "b");
    assertThat(state(registry, "closed")).isEqualTo(1.0);
    while (requests.breakerState() == State.CLOSED) {
      asked().forEach(id -> fail(id, Failure.unreachable("refused")));
      pass(Duration.ofSeconds(2));
    }
    assertThat(state(registry, "closed")).isEqualTo(0.0);
    assertThat(state(registry, "open")).isEqualTo(1.0);
    double heldBack = heldBack(registry);
    step();
    assertThat(heldBack(registry)).isEqualTo(heldBack + 1);
  }

  private static double state(MeterRegistry registry, String state) {
    return registry.get("resilience4j.circuitbreaker.state").tag("state", state).gauge().value();
  }

  private static double heldBack(MeterRegistry registry) {
    return registry.get("resilience4j.circuitbreaker.not.permitted.calls").counter().count();
  }

  @Test
  void a_cancelled_trial_lets_another_one_try() {
    submit("a", "b");
    while (requests.breakerState() == State.CLOSED) {
      asked().forEach(id -> fail(id, Failure.unreachable("refused")));
      pass(Duration.ofSeconds(2));
    }
    pass(RemoteRequests.BREAKER_OPEN.plusSeconds(10));
    String trial = asked().getFirst();
    requests.cancel(trial);
    step();
    assertThat(asked()).hasSize(1).doesNotContain(trial);
  }

  @Test
  void what_waits_behind_an_open_breaker_ends_when_its_time_is_over() {
    submit("a");
    IntStream.range(0, 5)
        .forEach(_ -> {
          fail("a", Failure.unreachable("refused"));
          pass(Duration.ofSeconds(10));
        });
    while (ends().isEmpty()) {
      asked().forEach(id -> fail(id, Failure.unreachable("refused")));
      pass(Duration.ofSeconds(5));
    }
    assertThat(ends()).hasSize(1);
    assertThat(Duration.ofNanos(nowNanos)).isLessThanOrEqualTo(GIVE_UP.plusSeconds(10));
    assertThat(asked()).isEmpty();
  }

  @Test
  void requests_that_are_wrong_themselves_do_not_open_the_breaker() {
    for (int i = 0; i < 20; i++) {
      submit("r" + i);
      fail("r" + i, Failure.status(400, "", Duration.ZERO));
    }
    assertThat(requests.breakerState()).isEqualTo(State.CLOSED);
    assertThat(ends()).hasSize(20);
  }

  @Test
  void a_silent_server_is_left_when_its_time_is_over_and_not_before() {
    submit("a");
    pass(FIRST.minusNanos(1));
    assertThat(calls.open("a").cancelled()).isFalse();
    say("a", "{\"choices\":[{\"delta\":{\"content\":\"x\"}}]}");
    pass(IDLE.minusNanos(1));
    assertThat(ends()).isEmpty();
    pass(Duration.ofNanos(1));
    assertThat(ends()).hasSize(1);
    assertThat(calls.open()).isEmpty();
  }

  @Test
  void the_step_is_wanted_when_something_is_due() {
    assertThat(requests.nextNanos()).isEqualTo(Long.MAX_VALUE);
    submit("a");
    assertThat(requests.nextNanos()).isEqualTo(nowNanos + FIRST.toNanos());
    fail("a", Failure.status(429, "", Duration.ofSeconds(7)));
    assertThat(requests.nextNanos()).isEqualTo(nowNanos + Duration.ofSeconds(7).toNanos());
  }

  @Test
  void what_comes_after_the_end_is_not_told() {
    submit("a");
    FakeCalls.Fake call = calls.open("a");
    requests.cancel("a");
    call.listener().began(200, "text/event-stream", Duration.ZERO);
    call.listener()
        .bytes("data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n".getBytes(UTF_8));
    call.listener().finished();
    step();
    assertThat(outputs).hasSize(1);
    assertThat(ends().getFirst().reason()).isEqualTo(EndReason.CANCELLED);
  }

  @Test
  void nobody_is_called_before_a_model_is_known() {
    ServerHealth unknown = new ServerHealth(Optional.empty(), 0);
    RemoteRequests waiting =
        new RemoteRequests(
            RemoteSettings.of(URI.create("http://server:1")), calls, unknown, () -> nowNanos);
    waiting.submit(EngineRequest.of("a", List.of(ChatMessage.user("a")), Sampling.greedy(9)));
    waiting.step();
    assertThat(calls.open()).isEmpty();
    unknown.answered(List.of("first", "second"), nowNanos);
    waiting.step();
    assertThat(calls.open("a").body().path("model").asText()).isEqualTo("first");
  }
}
