package dev.parley.bench;

import dev.parley.bench.Wanted.Beside;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Streams write while one long prompt is computed.
final class LongPromptArrives implements Scenario {
  private static final String STREAM = "stream";
  private static final String LONG = "long prompt";
  private static final int STREAMS = 6;
  private static final int STREAM_PROMPT_TOKENS = 64;
  private static final int STREAM_ANSWER_TOKENS = 400;
  private static final int LONG_PROMPT_TOKENS = 1_700;
  private static final int LONG_ANSWER_TOKENS = 16;
  private static final Duration ARRIVAL = Duration.ofSeconds(3);

  private static final Metric WORST_GAP = Metric.lower("worst inter-token gap", "s");
  private static final Metric GAP_99 = Metric.lower("inter-token gap p99", "s");
  private static final Metric GAP_50 = Metric.lower("inter-token gap p50", "s");
  private static final Metric FIRST = Metric.lower("the long prompt's time to first token", "s");
  private static final Metric WALL = Metric.lower("wall time", "s");
  private static final Metric WRITING = Metric.higher("streams that wrote all the while", "count");

  @Override
  public String letter() {
    return "B";
  }

  @Override
  public String title() {
    return "6 streams (64 in, 400 out), one prompt of 1,700 tokens arrives after 3 s";
  }

  @Override
  public List<Metric> metrics() {
    return List.of(WORST_GAP, GAP_99, GAP_50, FIRST, WALL, WRITING);
  }

  @Override
  public List<Wanted> wanted() {
    return List.of(
        Wanted.timesLower(WORST_GAP, 12, Beside.DEFAULT),
        Wanted.atMost(WORST_GAP, 1.10, Beside.BEST),
        Wanted.atMost(FIRST, 1.2, Beside.BEST).chosenBy(WORST_GAP));
  }

  @Override
  public Run run(Endpoint server, Prompts prompts) throws InterruptedException {
    List<Ask> asks = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      asks.add(Ask.now(STREAM, prompts.ask(STREAM_PROMPT_TOKENS, STREAM_ANSWER_TOKENS)));
    }
    asks.add(new Ask(LONG, ARRIVAL, prompts.ask(LONG_PROMPT_TOKENS, LONG_ANSWER_TOKENS)));
    List<Reply> replies = OpenLoop.run(server.client(), asks);
    List<Reply> streams = Ask.of(replies, STREAM);
    return new Run.Builder(replies)
        .value(WORST_GAP, Timings.gap(streams, 100))
        .value(GAP_99, Timings.gap(streams, 99))
        .value(GAP_50, Timings.gap(streams, 50))
        .value(FIRST, Timings.meanToFirst(Ask.of(replies, LONG)))
        .value(WALL, Timings.wall(replies))
        .value(WRITING, writing(streams, Timings.completions(Ask.of(replies, LONG))))
        .build();
  }

  /// Streams that began before the long prompt came and ended after its first token. Fewer than all make
  /// the run say less.
  private static double writing(List<Reply> streams, List<Completion> others) {
    return Timings.completions(streams).stream()
        .filter(stream ->
            others.stream()
                .allMatch(other ->
                    stream.firstNanos() < other.sentNanos()
                        && stream.lastNanos() > other.firstNanos()))
        .count();
  }
}
