package dev.parley.bench;

import dev.parley.bench.Wanted.Beside;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Long answers fill all slots and as many wait, when somebody asks something short.
final class ShortQuestion implements Scenario {
  private static final String LONG = "long answer";
  private static final String SHORT = "short question";
  private static final int LONG_ANSWERS = 16;
  private static final int LONG_PROMPT_TOKENS = 64;
  private static final int LONG_ANSWER_TOKENS = 300;
  private static final int SHORT_PROMPT_TOKENS = 40;
  private static final int SHORT_ANSWER_TOKENS = 8;
  private static final Duration ARRIVAL = Duration.ofSeconds(4);

  private static final Metric FIRST = Metric.lower("the short one's time to first token", "s");
  private static final Metric WALL = Metric.lower("wall time", "s");
  private static final Metric SPEED = Metric.higher("speed", "tokens/s");

  @Override
  public String letter() {
    return "D";
  }

  @Override
  public String title() {
    return "16 long answers (64 in, 300 out) over 8 slots, a short question arrives after 4 s";
  }

  @Override
  public boolean onWholePath() {
    return true;
  }

  @Override
  public List<Metric> metrics() {
    return List.of(FIRST, WALL, SPEED);
  }

  @Override
  public List<Wanted> wanted() {
    return List.of(
        Wanted.timesLower(FIRST, 40, Beside.DEFAULT),
        Wanted.atMost(WALL, 1.05, Beside.DEFAULT),
        Wanted.timesLower(FIRST, 20, Beside.DEFAULT).onWholePath());
  }

  @Override
  public Run run(Endpoint server, Prompts prompts) throws InterruptedException {
    List<Ask> asks = new ArrayList<>();
    for (int i = 0; i < LONG_ANSWERS; i++) {
      asks.add(Ask.now(LONG, prompts.ask(LONG_PROMPT_TOKENS, LONG_ANSWER_TOKENS).by("long-" + i)));
    }
    Question question =
        new Question(
            Prompts.SYSTEM, prompts.question(SHORT_PROMPT_TOKENS), SHORT_ANSWER_TOKENS, 0, 1);
    asks.add(new Ask(SHORT, ARRIVAL, question.by("short")));
    List<Reply> replies = OpenLoop.run(server.client(), asks);
    return new Run.Builder(replies)
        .value(FIRST, Timings.meanToFirst(Ask.of(replies, SHORT)))
        .value(WALL, Timings.wall(replies))
        .value(SPEED, Timings.speed(replies))
        .build();
  }
}
