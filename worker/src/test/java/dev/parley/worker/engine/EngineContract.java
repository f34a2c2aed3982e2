package dev.parley.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.Mirostat;
import dev.parley.shared.wire.ResponseFormat;
import dev.parley.shared.wire.Sampling;
import dev.parley.worker.engine.EngineOutput.Ended;
import dev.parley.worker.schedule.StepPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every engine owes its callers, run on the fake and on the real model.
abstract class EngineContract {
  static final int SLOTS = 4;
  static final int CONTEXT_TOKENS = 1024;

  final EngineProbe probe = new EngineProbe();
  private Engine engine;

  /// Starts an engine with [#SLOTS] slots of [#CONTEXT_TOKENS] tokens.
  abstract Engine start(EngineSettings settings, StepListener listener);

  @BeforeEach
  void startEngine() {
    engine = start(EngineSettings.DEFAULT.withMaxWaiting(64), probe);
  }

  @AfterEach
  void closeEngine() {
    engine.close();
    assertThat(probe.broken()).isEmpty();
  }

  Engine engine() {
    return engine;
  }

  static List<ChatMessage> question(String text) {
    return List.of(ChatMessage.user(text));
  }

  static final List<ChatMessage> COUNT = question("Write 60 words about the sea and its colours.");

  static final List<ChatMessage> LONG = question("Write 900 words about the sea and its ships.");

  static Sampling sampling(int maxTokens, double temperature, List<String> stop) {
    return new Sampling(maxTokens, temperature, 0.95, 40, 0, 7, stop);
  }

  /// Runs one request alone to its end.
  Ended run(String id, List<ChatMessage> messages, Sampling sampling, Resume resume) {
    engine.submit(
        new EngineRequest(id, "", "", messages, sampling, resume, false, Lane.INTERACTIVE));
    return probe.awaitEnd(id);
  }

  Ended run(String id, List<ChatMessage> messages, Sampling sampling) {
    return run(id, messages, sampling, Resume.NONE);
  }

  @Test
  void greedy_answers_are_the_same_each_time() {
    run("a", COUNT, Sampling.greedy(40));
    run("b", COUNT, Sampling.greedy(40));
    assertThat(probe.text("a")).isNotBlank().isEqualTo(probe.text("b"));
    assertThat(probe.ids("a")).isEqualTo(probe.ids("b"));
  }

  @Test
  void drawn_answers_depend_on_the_seed_alone() {
    run("a", COUNT, sampling(40, 1, List.of()));
    run("b", COUNT, sampling(40, 1, List.of()));
    run("c", COUNT, new Sampling(40, 1, 0.95, 40, 0, 8, List.of()));
    assertThat(probe.ids("a")).isEqualTo(probe.ids("b")).isNotEqualTo(probe.ids("c"));
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
    assertThat(probe.ids("a")).hasSize(7);
  }

  @Test
  void an_answer_that_is_cancelled_ends_once_and_frees_its_slot() {
    engine.submit(EngineRequest.of("a", LONG, Sampling.greedy(900)));
    probe.awaitTokens("a", 3);
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
  }

  @Test
  void more_requests_than_slots_are_all_answered() {
    List<String> ids = IntStream.range(0, 3 * SLOTS).mapToObj(i -> "r" + i).toList();
    ids.forEach(id -> engine.submit(EngineRequest.of(id, COUNT, Sampling.greedy(12))));
    ids.forEach(id -> assertThat(probe.awaitEnd(id).reason().answered()).isTrue());
    awaitIdle();
  }

  @Test
  void requests_at_once_share_steps_and_the_later_starts_between_the_earlier_ones_rows() {
    engine.submit(EngineRequest.of("early", LONG, Sampling.greedy(900)));
    probe.awaitTokens("early", 5);
    engine.submit(EngineRequest.of("late", COUNT, Sampling.greedy(10)));
    probe.awaitEnd("late");
    engine.cancel("early");
    probe.awaitEnd("early");
    List<List<String>> rows = rows();
    int lateFirst = firstWith(rows, "late");
    assertThat(rows.subList(0, lateFirst)).anyMatch(step -> step.contains("early"));
    assertThat(rows.subList(lateFirst, rows.size())).anyMatch(step -> step.contains("early"));
    assertThat(rows).anyMatch(step -> step.size() == 2);
  }

  @Test
  void rows_of_every_decode_call_are_dense() {
    for (int i = 0; i < 2 * SLOTS; i++) {
      engine.submit(EngineRequest.of("r" + i, COUNT, Sampling.greedy(5 + 7 * i)));
    }
    for (int i = 0; i < 2 * SLOTS; i++) {
      assertThat(probe.awaitEnd("r" + i).reason().answered()).isTrue();
    }
    for (StepRecord step : engine.steps().recent()) {
      List<StepPlan.Row> rows = step.plan().rows();
      assertThat(rows.stream().map(StepPlan.Row::slot))
          .isEqualTo(IntStream.range(0, rows.size()).boxed().toList());
    }
  }

  @Test
  void a_request_alone_shares_no_step() {
    engine.submit(EngineRequest.of("before", COUNT, Sampling.greedy(20)));
    engine.submit(
        new EngineRequest(
            "suspect", "", "", COUNT, Sampling.greedy(10), Resume.NONE, true, Lane.INTERACTIVE));
    engine.submit(EngineRequest.of("after", COUNT, Sampling.greedy(10)));
    List.of("before", "suspect", "after").forEach(probe::awaitEnd);
    assertThat(rows().stream().filter(step -> step.contains("suspect")))
        .isNotEmpty()
        .allMatch(step -> step.equals(List.of("suspect")));
    assertThat(engine.steps().recent())
        .noneMatch(step ->
            step.plan().chunks().size() > 0
                && step.plan().rows().stream().anyMatch(row -> row.id().equals("suspect")));
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
    assertThat(ended.reason()).isEqualTo(EndReason.UNREADABLE);
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
  void a_resumed_answer_goes_on_after_what_was_shown() {
    Sampling sampling = sampling(24, 0.8, List.of());
    run("whole", COUNT, sampling);
    List<Integer> ids = probe.ids("whole");
    for (int cut : cuts(ids.size())) {
      String shown = visible(ids.subList(0, cut));
      Ended ended = run("cut" + cut, COUNT, sampling, new Resume(ids.subList(0, cut), shown));
      assertThat(ended.reason().answered()).isTrue();
      assertThat(probe.restarts("cut" + cut)).isZero();
      List<Integer> all = new ArrayList<>(ids.subList(0, cut));
      all.addAll(probe.ids("cut" + cut));
      assertThat(all).hasSize(ended.usage().completionTokens());
      assertThat(all.size()).isLessThanOrEqualTo(24);
      assertThat(shown + probe.text("cut" + cut)).isEqualTo(visible(all));
    }
  }

  /// Where to cut a resumed answer.
  List<Integer> cuts(int length) {
    return IntStream.rangeClosed(0, length).boxed().toList();
  }

  /// The text of an answer of these tokens, as the engine itself shows it.
  String visible(List<Integer> ids) {
    if (ids.isEmpty()) {
      return "";
    }
    String id = "visible" + ids.size();
    probe.forget(id);
    run(id, COUNT, sampling(ids.size(), 0, List.of()), new Resume(ids, ""));
    return probe.text(id);
  }

  @Test
  void what_was_shown_of_another_answer_is_replaced_from_the_start() {
    run("whole", COUNT, Sampling.greedy(10));
    Resume other = new Resume(probe.ids("whole").subList(0, 4), "Something else entirely");
    run("again", COUNT, Sampling.greedy(10), other);
    assertThat(probe.restarts("again")).isOne();
    assertThat(probe.text("again")).isEqualTo(probe.text("whole"));
  }

  @Test
  void a_resumed_answer_that_is_long_enough_ends_at_once() {
    run("whole", COUNT, Sampling.greedy(10));
    Ended ended = run("again", COUNT, Sampling.greedy(10), new Resume(probe.ids("whole"), ""));
    assertThat(ended.reason()).isEqualTo(EndReason.LENGTH);
    assertThat(probe.text("again")).isEqualTo(probe.text("whole"));
    assertThat(probe.ids("again")).isEmpty();
  }

  @Test
  void an_answer_under_mirostat_that_broke_off_begins_anew() {
    Sampling mirostat =
        sampling(10, 0.8, List.of()).change().mirostat(new Mirostat(2, 5, 0.1)).build();
    run("whole", COUNT, mirostat);
    List<Integer> ids = probe.ids("whole");
    for (String shown : List.of("", probe.text("whole").substring(0, 1))) {
      String id = "again" + shown.length();
      Ended ended = run(id, COUNT, mirostat, new Resume(ids.subList(0, 5), shown));
      assertThat(probe.restarts(id)).isEqualTo(1);
      assertThat(probe.ids(id)).isEqualTo(ids);
      assertThat(ended.usage().completionTokens()).isEqualTo(ids.size());
    }
    // All of it is there already.
    run("done", COUNT, mirostat, new Resume(ids, probe.text("whole")));
    assertThat(probe.restarts("done")).isZero();
  }

  private static Sampling within(Sampling sampling, String gbnf) {
    return sampling.change().format(ResponseFormat.grammar(gbnf)).build();
  }

  @Test
  void a_grammar_says_what_the_answer_may_be() {
    Ended ended = run("a", COUNT, within(Sampling.greedy(40), "root ::= \"Paris\" | \"Rome\""));
    assertThat(probe.text("a")).isIn("Paris", "Rome");
    assertThat(ended.reason()).isEqualTo(EndReason.STOP);
  }

  @Test
  void a_grammar_without_an_end_ends_with_the_longest_answer() {
    Ended ended = run("a", COUNT, within(Sampling.greedy(9), "root ::= [a-c] root"));
    assertThat(ended.reason()).isEqualTo(EndReason.LENGTH);
    assertThat(probe.text("a")).matches("[a-c]+");
  }

  @Test
  void a_grammar_that_cannot_be_read_is_refused_and_holds_no_slot() {
    Ended ended = run("a", COUNT, within(Sampling.greedy(5), "root ::= root \"a\""));
    assertThat(ended.reason()).isEqualTo(EndReason.UNREADABLE);
    assertThat(ended.detail()).contains("left recursion").doesNotContain("\n");
    awaitIdle();
  }

  @Test
  void an_answer_under_a_grammar_goes_on_where_it_broke_off() {
    Sampling sampling = within(sampling(60, 1, List.of()), "root ::= ([a-z]{2,5} \" \"){4}");
    run("whole", COUNT, sampling);
    List<Integer> ids = probe.ids("whole");
    for (int cut : cuts(ids.size())) {
      String id = "cut" + cut;
      run(id, COUNT, sampling, new Resume(ids.subList(0, cut), ""));
      assertThat(probe.restarts(id)).isZero();
      assertThat(probe.text(id)).isEqualTo(probe.text("whole"));
      assertThat(probe.ids(id)).isEqualTo(ids.subList(cut, ids.size()));
    }
  }

  @Test
  void an_answer_that_another_grammar_made_begins_anew() {
    run("other", COUNT, within(Sampling.greedy(5), "root ::= [x-z]{20}"));
    Sampling sampling = within(Sampling.greedy(5), "root ::= [a-c]{20}");
    run("a", COUNT, sampling, new Resume(probe.ids("other"), ""));
    assertThat(probe.restarts("a")).isOne();
    assertThat(probe.text("a")).matches("[a-c]+");
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

  private void awaitIdle() {
    await()
        .untilAsserted(() -> {
          assertThat(engine.load().running()).isZero();
          assertThat(engine.load().waiting()).isZero();
          assertThat(engine.load().free()).isEqualTo(SLOTS);
        });
  }

  private List<List<String>> rows() {
    return engine.steps().recent().stream()
        .map(step -> step.plan().rows().stream().map(StepPlan.Row::id).toList())
        .filter(rows -> !rows.isEmpty())
        .toList();
  }

  private static int firstWith(List<List<String>> rows, String id) {
    return IntStream.range(0, rows.size())
        .filter(i -> rows.get(i).contains(id))
        .findFirst()
        .orElse(-1);
  }
}
