package dev.parley.bench;

import dev.parley.bench.Wanted.Beside;
import java.util.ArrayList;
import java.util.List;

/// Eight ask at once under one long system prompt that nobody has computed yet, and again when it is known.
final class SharedPrompt implements Scenario {
  private static final String COLD = "cold";
  private static final String WARM = "warm";
  private static final int REQUESTS = 8;
  private static final int SYSTEM_TOKENS = 1_300;
  private static final int QUESTION_TOKENS = 60;
  private static final int ANSWER_TOKENS = 64;

  private static final Metric FIRST = Metric.lower("mean time to first token, cold", "s");
  private static final Metric WORST = Metric.lower("worst time to first token, cold", "s");
  private static final Metric AGAIN = Metric.lower("mean time to first token, warm", "s");
  private static final Metric WALL = Metric.lower("wall time, cold", "s");

  @Override
  public String letter() {
    return "F";
  }

  @Override
  public String title() {
    return "8 at once share a system prompt of 1,300 tokens (60 in beyond it, 64 out)";
  }

  @Override
  public boolean onWholePath() {
    return true;
  }

  @Override
  public List<Metric> metrics() {
    return List.of(FIRST, WORST, AGAIN, WALL);
  }

  @Override
  public List<Wanted> wanted() {
    return List.of(
        Wanted.timesLower(FIRST, 5, Beside.DEFAULT),
        Wanted.timesLower(FIRST, 4, Beside.DEFAULT).onWholePath());
  }

  @Override
  public Run run(Endpoint server, Prompts prompts) throws InterruptedException {
    String system = prompts.system(SYSTEM_TOKENS);
    List<Reply> cold = OpenLoop.run(server.client(), burst(COLD, system, prompts));
    List<Reply> warm = OpenLoop.run(server.client(), burst(WARM, system, prompts));
    List<Reply> all = new ArrayList<>(cold);
    all.addAll(warm);
    return new Run.Builder(all)
        .value(FIRST, Timings.meanToFirst(cold))
        .value(WORST, Timings.worstToFirst(cold))
        .value(AGAIN, Timings.meanToFirst(warm))
        .value(WALL, Timings.wall(cold))
        .build();
  }

  private static List<Ask> burst(String kind, String system, Prompts prompts) {
    List<Ask> asks = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      String user = prompts.story(QUESTION_TOKENS);
      asks.add(Ask.now(kind, new Question(system, user, ANSWER_TOKENS, 0, 1)));
    }
    return asks;
  }
}
