package dev.parley.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.Sampling;
import dev.parley.worker.engine.EngineOutput.Ended;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every engine owes its callers, run on the fake, on the real model, and on servers.
public abstract class EngineContract {
  protected static final int SLOTS = 4;
  protected static final int CONTEXT_TOKENS = 1024;

  protected final EngineProbe probe = new EngineProbe();
  private Engine engine;

  /// Starts an engine with [#SLOTS] slots of [#CONTEXT_TOKENS] tokens.
  protected abstract Engine start(EngineSettings settings, StepListener listener);

  @BeforeEach
  protected void startEngine() {
    engine = start(EngineSettings.DEFAULT.change().maxWaiting(64).build(), probe);
  }

  @AfterEach
  protected void closeEngine() {
    engine.close();
    assertThat(probe.broken()).isEmpty();
  }

  protected Engine engine() {
    return engine;
  }

  protected static List<ChatMessage> question(String text) {
    return List.of(ChatMessage.user(text));
  }

  protected static final List<ChatMessage> COUNT =
      question("Write 60 words about the sea and its colours.");

  protected static final List<ChatMessage> LONG =
      question("Write 900 words about the sea and its ships.");

  protected static Sampling sampling(int maxTokens, double temperature, List<String> stop) {
    return new Sampling(maxTokens, temperature, 0.95, 40, 0, 7, stop);
  }

  /// Runs one request alone to its end.
  protected Ended run(String id, List<ChatMessage> messages, Sampling sampling, Resume resume) {
    engine.submit(
        new EngineRequest(id, "", "", messages, sampling, resume, false, Lane.INTERACTIVE));
    return probe.awaitEnd(id);
  }

  protected Ended run(String id, List<ChatMessage> messages, Sampling sampling) {
    return run(id, messages, sampling, Resume.NONE);
  }

  @Test
  void greedy_answers_are_the_same_each_time() {
    run("a", COUNT, Sampling.greedy(40));
    run("b", COUNT, Sampling.greedy(40));
    assertThat(probe.text("a")).isNotBlank().isEqualTo(probe.text("b"));
    assertThat(probe.ids("a")).isEqualTo(probe.ids("b"));
    assertThat(probe.ids("a").isEmpty()).isNotEqualTo(engine.info().tellsTokens());
  }

  @Test
  void drawn_answers_depend_on_the_seed_alone() {
    run("a", COUNT, sampling(40, 1, List.of()));
    run("b", COUNT, sampling(40, 1, List.of()));
    run("c", COUNT, new Sampling(40, 1, 0.95, 40, 0, 8, List.of()));
    assertThat(probe.text("a")).isEqualTo(probe.text("b")).isNotEqualTo(probe.text("c"));
    assertThat(probe.ids("a")).isEqualTo(probe.ids("b"));
    assertThat(probe.ids("a").equals(probe.ids("c"))).isNotEqualTo(engine.info().tellsTokens());
  }

  @Test
  void a_stop_string_ends_the_answer_and_no_part_of_it_is_ever_visible() {
    run("whole", COUNT, Sampling.greedy(40));
    String whole = probe.text("whole");
    for (int from = 8; from < Math.min(20, whole.length() - 5); from++) {
      String stop = whole.substring(from, from + 5);
      Ended ended = run("cut" + from, COUNT, sampling(40, 0, List.of("never", stop)));
      assertThat(ended.reason()).isEqualTo(EndReason.STOP);
      assertThat(probe.text("cut" + from)).isEqualTo(whole.substring(0, whole.indexOf(stop)));
    }
  }

  @Test
  void max_tokens_bound_the_answer() {
    Ended ended = run("a", COUNT, Sampling.greedy(7));
    assertThat(ended.reason()).isEqualTo(EndReason.LENGTH);
    assertThat(ended.usage().completionTokens()).isEqualTo(7);
    assertThat(ended.usage().promptTokens()).isPositive();
    assertThat(probe.ids("a")).hasSize(engine.info().tellsTokens() ? 7 : 0);
  }

  @Test
  void an_answer_that_is_cancelled_ends_once_and_frees_its_slot() {
    engine.submit(EngineRequest.of("a", LONG, Sampling.greedy(900)));
    probe.awaitPieces("a", 3);
    engine.cancel("a");
    engine.cancel("a");
    assertThat(probe.awaitEnd("a").reason()).isEqualTo(EndReason.CANCELLED);
    awaitIdle();
  }

  @Test
  void cancelling_an_unknown_request_has_no_effect() {
    engine.cancel("nobody");
    assertThat(run("a", COUNT, Sampling.greedy(3)).reason()).isEqualTo(EndReason.LENGTH);
  }

  @Test
  void a_request_that_waits_can_be_cancelled() {
    for (int i = 0; i <= SLOTS; i++) {
      engine.submit(EngineRequest.of("r" + i, COUNT, Sampling.greedy(60)));
    }
    String last = "r" + SLOTS;
    engine.cancel(last);
    assertThat(probe.awaitEnd(last).reason()).isEqualTo(EndReason.CANCELLED);
    assertThat(probe.ids(last)).isEmpty();
    assertThat(probe.text(last)).isEmpty();
  }

  @Test
  void more_requests_than_slots_are_all_answered() {
    List<String> ids = IntStream.range(0, 3 * SLOTS).mapToObj(i -> "r" + i).toList();
    ids.forEach(id -> engine.submit(EngineRequest.of(id, COUNT, Sampling.greedy(12))));
    ids.forEach(id -> assertThat(probe.awaitEnd(id).reason().answered()).isTrue());
    awaitIdle();
  }

  @Test
  void a_prompt_longer_than_the_context_is_refused_with_one_sentence() {
    Ended ended = run("a", question("word ".repeat(2 * CONTEXT_TOKENS)), Sampling.greedy(5));
    assertThat(ended.reason()).isEqualTo(EndReason.TOO_LONG);
    assertThat(ended.detail()).contains("1024").doesNotContain("\n");
    awaitIdle();
  }

  @Test
  void a_prompt_that_nearly_fills_the_context_ends_where_the_context_does() {
    int words = CONTEXT_TOKENS - 60;
    Ended ended = run("a", question("word ".repeat(words)), Sampling.greedy(500));
    assertThat(ended.reason().answered()).isTrue();
    assertThat(ended.usage().promptTokens() + ended.usage().completionTokens())
        .isLessThanOrEqualTo(CONTEXT_TOKENS);
  }

  @Test
  void no_messages_are_refused() {
    Ended ended = run("a", List.of(), Sampling.greedy(5));
    assertThat(ended.reason()).isEqualTo(EndReason.NO_MESSAGES);
    assertThat(ended.detail()).isNotBlank();
  }

  @Test
  void an_id_that_is_held_cannot_be_submitted_again() {
    engine.submit(EngineRequest.of("a", LONG, Sampling.greedy(900)));
    assertThatThrownBy(() -> engine.submit(EngineRequest.of("a", COUNT, Sampling.greedy(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a");
    engine.cancel("a");
    probe.awaitEnd("a");
  }

  @Test
  void a_request_beyond_the_waiting_room_is_refused() {
    int held = SLOTS + 64;
    for (int i = 0; i <= held; i++) {
      engine.submit(EngineRequest.of("r" + i, LONG, Sampling.greedy(900)));
    }
    assertThat(probe.awaitEnd("r" + held).reason()).isEqualTo(EndReason.REFUSED);
    for (int i = 0; i < held; i++) {
      engine.cancel("r" + i);
    }
    for (int i = 0; i < held; i++) {
      probe.awaitEnd("r" + i);
    }
  }

  @Test
  void a_reader_who_has_a_part_gets_the_rest_or_is_told_to_begin_anew() {
    run("whole", COUNT, Sampling.greedy(10));
    String whole = probe.text("whole");
    String shown = whole.substring(0, 3);
    Ended ended = run("again", COUNT, Sampling.greedy(10), new Resume(List.of(), shown));
    assertThat(ended.reason()).isEqualTo(EndReason.LENGTH);
    assertThat(probe.restarts("again")).isOne();
    assertThat(probe.text("again")).isEqualTo(whole);
  }

  @Test
  void every_request_ends_exactly_once_under_random_cancels() {
    Random random = new Random(20261124);
    List<String> ids = IntStream.range(0, 40).mapToObj(i -> "r" + i).toList();
    for (String id : ids) {
      engine.submit(EngineRequest.of(id, COUNT, Sampling.greedy(1 + random.nextInt(12))));
      if (random.nextInt(3) == 0) {
        engine.cancel(ids.get(random.nextInt(ids.size())));
      }
    }
    ids.forEach(probe::awaitEnd);
    awaitIdle();
  }

  protected void awaitIdle() {
    await()
        .untilAsserted(() -> {
          assertThat(engine.load().running()).isZero();
          assertThat(engine.load().waiting()).isZero();
          assertThat(engine.load().free()).isEqualTo(SLOTS);
        });
  }
}
