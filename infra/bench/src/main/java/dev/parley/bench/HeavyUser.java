package dev.parley.bench;

import dev.parley.bench.Wanted.Beside;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One user asks for far more than the engine can do at once; nine others want one answer each.
final class HeavyUser implements Scenario {
  private static final String ALONE = "light, alone";
  private static final String LIGHT = "light";
  private static final String HEAVY = "heavy";
  private static final int HEAVY_REQUESTS = 50;
  private static final int LIGHT_USERS = 9;
  private static final String IN_FLIGHT = "16";
  private static final int PROMPT_TOKENS = 64;
  private static final int HEAVY_ANSWER_TOKENS = 200;
  private static final int LIGHT_ANSWER_TOKENS = 64;
  private static final Duration ARRIVAL = Duration.ofSeconds(5);

  private static final Metric MEAN = Metric.lower("the nine's mean time to first token", "s");
  private static final Metric WORST = Metric.lower("the nine's worst time to first token", "s");
  private static final Metric MEAN_TIMES =
      Metric.lower("the nine's mean time to first token over that of theirs alone", "times");
  private static final Metric WORST_TIMES =
      Metric.lower("the nine's worst time to first token over that of theirs alone", "times");
  private static final Metric SPEED = Metric.higher("speed", "tokens/s");

  @Override
  public String letter() {
    return "J";
  }

  @Override
  public String title() {
    return "one user sends 50 requests (64 in, 200 out), nine users one each (64 in, 64 out) 5 s"
        + " later";
  }

  /// Each user has a key of its own, and the gateway lets no key have more than some prompts in the queue:
  /// the rest is refused with a time, and sent again by the client.
  @Override
  public Capacity capacity(Peer peer) {
    List<String> keys = new ArrayList<>(List.of(Question.ANYBODY, HEAVY));
    for (int i = 0; i < LIGHT_USERS; i++) {
      keys.add(lightUser(i));
    }
    return Capacity.EIGHT_SLOTS.withPathSettings(
        Map.of("PARLEY_API_KEYS", String.join(",", keys), "PARLEY_KEY_IN_FLIGHT", IN_FLIGHT));
  }

  private static String lightUser(int i) {
    return "light-" + i;
  }

  @Override
  public boolean onWholePath() {
    return true;
  }

  @Override
  public List<Metric> metrics() {
    return List.of(MEAN, WORST, MEAN_TIMES, WORST_TIMES, SPEED);
  }

  @Override
  public List<Wanted> wanted() {
    return List.of(
        Wanted.atMost(MEAN_TIMES, 2, Beside.NOBODY),
        Wanted.atMost(WORST_TIMES, 2, Beside.NOBODY),
        Wanted.atLeast(SPEED, 0.95, Beside.BEST),
        Wanted.atMost(MEAN_TIMES, 2, Beside.NOBODY).onWholePath(),
        Wanted.atMost(WORST_TIMES, 2, Beside.NOBODY).onWholePath());
  }

  @Override
  public Run run(Endpoint server, Prompts prompts) throws InterruptedException {
    List<Reply> alone = OpenLoop.run(server.client(), light(ALONE, Duration.ZERO, prompts));
    List<Ask> asks = new ArrayList<>();
    for (int i = 0; i < HEAVY_REQUESTS; i++) {
      asks.add(Ask.now(HEAVY, prompts.ask(PROMPT_TOKENS, HEAVY_ANSWER_TOKENS).by(HEAVY)));
    }
    asks.addAll(light(LIGHT, ARRIVAL, prompts));
    List<Reply> together = OpenLoop.run(server.client(), asks);
    List<Reply> nine = Ask.of(together, LIGHT);
    List<Reply> all = new ArrayList<>(together);
    all.addAll(alone);
    double mean = Timings.meanToFirst(nine).orElse(Double.NaN);
    double worst = Timings.worstToFirst(nine).orElse(Double.NaN);
    return new Run.Builder(all)
        .value(MEAN, mean)
        .value(WORST, worst)
        .value(MEAN_TIMES, mean / Timings.meanToFirst(alone).orElse(Double.NaN))
        .value(WORST_TIMES, worst / Timings.worstToFirst(alone).orElse(Double.NaN))
        .value(SPEED, Timings.speed(together))
        .build();
  }

  private static List<Ask> light(String kind, Duration at, Prompts prompts) {
    List<Ask> asks = new ArrayList<>();
    for (int i = 0; i < LIGHT_USERS; i++) {
      Question question = prompts.ask(PROMPT_TOKENS, LIGHT_ANSWER_TOKENS);
      asks.add(new Ask(kind, at, question.by(lightUser(i))));
    }
    return asks;
  }
}
