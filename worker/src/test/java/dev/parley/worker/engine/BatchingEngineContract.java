package dev.parley.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.Mirostat;
import dev.parley.shared.wire.ResponseFormat;
import dev.parley.shared.wire.Sampling;
import dev.parley.worker.engine.EngineOutput.Ended;
import dev.parley.worker.schedule.StepPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What a [BatchingEngine] owes beyond [EngineContract]: steps that are shared, and answers that go on from
/// their token ids.
abstract class BatchingEngineContract extends EngineContract {

  @Test
  void requests_at_once_share_steps_and_the_later_starts_between_the_earlier_ones_rows() {
    engine().submit(EngineRequest.of("early", LONG, Sampling.greedy(900)));
    probe.awaitPieces("early", 5);
    engine().submit(EngineRequest.of("late", COUNT, Sampling.greedy(10)));
    probe.awaitEnd("late");
    engine().cancel("early");
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
      engine().submit(EngineRequest.of("r" + i, COUNT, Sampling.greedy(5 + 7 * i)));
    }
    for (int i = 0; i < 2 * SLOTS; i++) {
      assertThat(probe.awaitEnd("r" + i).reason().answered()).isTrue();
    }
    for (StepRecord step : engine().steps().recent()) {
      List<StepPlan.Row> rows = step.plan().rows();
      assertThat(rows.stream().map(StepPlan.Row::slot))
          .isEqualTo(IntStream.range(0, rows.size()).boxed().toList());
    }
  }

  @Test
  void a_request_alone_shares_no_step() {
    engine().submit(EngineRequest.of("before", COUNT, Sampling.greedy(20)));
    engine()
        .submit(
            new EngineRequest(
                "suspect",
                "",
                "",
                COUNT,
                Sampling.greedy(10),
                Resume.NONE,
                true,
                Lane.INTERACTIVE));
    engine().submit(EngineRequest.of("after", COUNT, Sampling.greedy(10)));
    List.of("before", "suspect", "after").forEach(probe::awaitEnd);
    assertThat(rows().stream().filter(step -> step.contains("suspect")))
        .isNotEmpty()
        .allMatch(step -> step.equals(List.of("suspect")));
    assertThat(engine().steps().recent())
        .noneMatch(step ->
            step.plan().chunks().size() > 0
                && step.plan().rows().stream().anyMatch(row -> row.id().equals("suspect")));
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

  private List<List<String>> rows() {
    return engine().steps().recent().stream()
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
    assertThat(ended.reason()).isEqualTo(EndReason.FORMAT);
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
}
