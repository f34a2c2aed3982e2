package dev.parley.bench;

import dev.parley.bench.Wanted.Beside;
import java.util.ArrayList;
import java.util.List;

/// As many requests as slots, all at once.
final class Burst implements Scenario {
  private static final int REQUESTS = 8;
  private static final int PROMPT_TOKENS = 250;
  private static final int ANSWER_TOKENS = 128;

  private static final Metric SPEED = Metric.higher("speed", "tokens/s");
  private static final Metric FIRST = Metric.lower("mean time to first token", "s");
  private static final Metric WORST_FIRST = Metric.lower("worst time to first token", "s");
  private static final Metric GAP = Metric.lower("inter-token gap p99", "s");

  @Override
  public String letter() {
    return "A";
  }

  @Override
  public String title() {
    return "8 requests (250 in, 128 out) at once";
  }

  @Override
  public List<Metric> metrics() {
    return List.of(SPEED, FIRST, WORST_FIRST, GAP);
  }

  @Override
  public List<Wanted> wanted() {
    return List.of(
        Wanted.atLeast(SPEED, 0.95, Beside.BEST),
        Wanted.atMost(FIRST, 0.72, Beside.DEFAULT),
        Wanted.atMost(FIRST, 1, Beside.BEST));
  }

  @Override
  public Run run(Endpoint server, Prompts prompts) throws InterruptedException {
    List<Ask> asks = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      asks.add(Ask.now("burst", prompts.ask(PROMPT_TOKENS, ANSWER_TOKENS)));
    }
    List<Reply> replies = OpenLoop.run(server.client(), asks);
    return new Run.Builder(replies)
        .value(SPEED, Timings.speed(replies))
        .value(FIRST, Timings.meanToFirst(replies))
        .value(WORST_FIRST, Timings.worstToFirst(replies))
        .value(GAP, Timings.gap(replies, 99))
        .build();
  }
}
