package dev.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.bench.Wanted.Beside;
import dev.parley.worker.engine.PrefixMiss;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

final class EngineResultsTest {
  private static final Metric GAP = Metric.lower("worst gap", "s");
  private static final Metric FIRST = Metric.lower("first", "s");
  private static final long MS = 1_000_000;

  /// A scenario that is never run.
  private record Made(List<Wanted> wanted) implements Scenario {
    @Override
    public String letter() {
      return "X";
    }

    @Override
    public String title() {
      return "made up, <&>";
    }

    @Override
    public List<Metric> metrics() {
      return List.of(GAP, FIRST);
    }

    @Override
    public Run run(Endpoint server, Prompts prompts) {
      throw new UnsupportedOperationException("made up");
    }
  }

  private static Run run(double gap, double first, Reply... replies) {
    return new Run(Map.of(GAP, gap, FIRST, first), List.of(replies));
  }

  /// Two rounds: ours, the default, and a tuned one that has the smallest gap and the latest first token.
  private static BenchReport report(Wanted... wanted) {
    EngineResults results = new EngineResults(new Made(List.of(wanted)));
    results.add(Peer.PARLEY, run(0.5, 12));
    results.add(Peer.DEFAULT, run(8, 8));
    results.add(Peer.B71, run(0.6, 11));
    results.add(Peer.B71, run(0.4, 9));
    results.add(Peer.DEFAULT, run(6, 7));
    results.add(Peer.PARLEY, run(0.5, 10));
    BenchReport.Builder report = new BenchReport.Builder("test");
    results.describe(report);
    return report.build();
  }

  private static Reply reply(int wantedTokens, int tokens, String finish, Long... pieceMs) {
    Question question = new Question("s", "u", wantedTokens, 0, 1);
    List<Long> pieces = new ArrayList<>();
    for (long at : pieceMs) {
      pieces.add(at * MS);
    }
    Completion completion = new Completion(0, pieces, "text", finish, tokens, 9, 0);
    return Reply.of(Ask.now("kind", question), completion);
  }

  @Test
  void ours_is_held_against_the_default_round_by_round() {
    Target target = report(Wanted.timesLower(GAP, 12, Beside.DEFAULT)).targets().getFirst();

    assertThat(target.name()).isEqualTo("X, worst gap, the default (llama-server -np 8) over ours");
    assertThat(target.measured()).isEqualTo(14);
    assertThat(target.reached()).isTrue();
  }

  @Test
  void the_best_setting_is_the_one_with_the_best_median_of_that_metric() {
    Target gap = report(Wanted.atMost(GAP, 1.1, Beside.BEST)).targets().getFirst();
    Target first = report(Wanted.atMost(FIRST, 1, Beside.BEST)).targets().getFirst();

    assertThat(gap.name()).contains("the best setting (llama-server -np 8 -b 71 -ub 71)");
    assertThat(first.name()).contains("the best setting (llama-server -np 8)");
    assertThat(first.reached()).isFalse();
  }

  @Test
  void the_best_setting_may_be_chosen_by_another_metric() {
    Target target =
        report(Wanted.atMost(FIRST, 1.2, Beside.BEST).chosenBy(GAP)).targets().getFirst();

    assertThat(target.name()).contains("the setting with the best worst gap").contains("-b 71");
    assertThat(target.measured()).isBetween(1.1, 1.102);
  }

  @Test
  void the_whole_path_has_targets_of_its_own_and_is_no_rival() {
    EngineResults results =
        new EngineResults(
            new Made(
                List.of(
                    Wanted.timesLower(GAP, 4, Beside.BEST).onWholePath(),
                    Wanted.atMost(GAP, 1, Beside.BEST))));
    results.add(Peer.PARLEY, run(3, 1));
    results.add(Peer.PATH, run(2, 1));
    results.add(Peer.DEFAULT, run(8, 8));
    BenchReport.Builder report = new BenchReport.Builder("test");

    results.describe(report);

    assertThat(report.build().targets())
        .extracting(Target::name)
        .containsExactly(
            "X, worst gap, the best setting (llama-server -np 8) over the whole path's",
            "X, worst gap, ours over the best setting (llama-server -np 8)");
    assertThat(report.build().targets().getFirst().measured()).isEqualTo(4);
  }

  @Test
  void a_peer_that_never_answered_makes_no_target() {
    EngineResults results =
        new EngineResults(new Made(List.of(Wanted.atMost(GAP, 1, Beside.DEFAULT))));
    results.add(Peer.PARLEY, run(1, 1));
    results.add(
        Peer.DEFAULT,
        new Run(
            Map.of(),
            List.of(
                Reply.failed(
                    Ask.now("kind", new Question("s", "u", 1, 0, 1)),
                    new IllegalStateException("the context is full")))));
    BenchReport.Builder report = new BenchReport.Builder("test");

    results.describe(report);

    assertThat(report.build().targets()).isEmpty();
    assertThat(report.build().notes())
        .singleElement()
        .asString()
        .contains("of 1 requests", "1 failed", "the context is full");
  }

  @Test
  void what_our_workers_counted_is_told_with_the_reason_of_each_miss() {
    EngineResults results = new EngineResults(new Made(List.of()));
    results.add(Peer.PARLEY, run(1, 1));
    WorkerCounts before = new WorkerCounts(100, 10, Map.of(PrefixMiss.SHORT, 1L), 0);
    results.count(
        Peer.PARLEY,
        new WorkerCounts(400, 90, Map.of(PrefixMiss.SHORT, 3L, PrefixMiss.UNKNOWN, 1L), 2)
            .since(before));
    results.count(Peer.PARLEY, new WorkerCounts(50, 5, Map.of(PrefixMiss.UNKNOWN, 4L), 0));
    results.count(Peer.DEFAULT, WorkerCounts.NONE);
    BenchReport.Builder report = new BenchReport.Builder("test");

    results.describe(report);

    assertThat(report.build().notes())
        .singleElement()
        .asString()
        .contains("85 of 350 prompt tokens", "5 unknown, 2 short", "way for others: 2.");
  }

  @Test
  void an_answer_that_the_model_ended_is_told_from_one_that_the_server_cut() {
    assertThat(reply(10, 7, "stop", 1L).endedEarly()).isTrue();
    assertThat(reply(10, 7, "stop", 1L).isCut()).isFalse();
    assertThat(reply(10, 7, "length", 1L).isCut()).isTrue();
    assertThat(reply(10, 10, "length", 1L).isCut()).isFalse();
  }

  @Test
  void percentiles_of_gaps_are_gaps_that_were_measured() {
    List<Reply> replies =
        List.of(reply(4, 4, "length", 10L, 20L, 50L, 51L), reply(2, 2, "length", 5L, 905L));

    assertThat(Timings.gap(replies, 50)).hasValue(0.010);
    assertThat(Timings.gap(replies, 100)).hasValue(0.900);
    assertThat(Timings.meanToFirst(replies)).hasValue(0.0075);
    assertThat(Timings.speed(replies).orElseThrow()).isBetween(6.62, 6.63);
  }

  @Test
  void the_drawing_is_xml_with_every_peer_in_it() throws Exception {
    EngineResults results = new EngineResults(new Made(List.of()));
    results.add(Peer.PARLEY, run(1, 1, reply(3, 3, "length", 40L, 80L, 90L)));
    results.add(Peer.KVU, run(1, 1, reply(3, 3, "length", 400L, 900L, 12_000L)));

    String svg = EnginePlot.draw(results).toString();

    var parsed =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    assertThat(parsed.getElementsByTagName("polyline").getLength()).isEqualTo(2);
    assertThat(parsed.getElementsByTagName("circle").getLength()).isEqualTo(2);
    assertThat(svg).contains("llama-server -np 8 -kvu").contains(">100 %<").contains(">10 s<");
  }
}
