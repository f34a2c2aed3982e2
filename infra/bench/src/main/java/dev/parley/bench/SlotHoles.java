package dev.parley.bench;

import dev.parley.bench.Wanted.Beside;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/// Every second of eight streams ends soon: four write on in slots that do not lie side by side.
///
/// llama-server is told the slots, so that the holes are there for certain. Ours is not: it gets the same
/// load, and may close the holes.
final class SlotHoles implements Scenario {
  private static final String ENDS = "ends soon";
  private static final String WRITES_ON = "writes on";
  private static final int SLOTS = 8;
  private static final int PROMPT_TOKENS = 64;
  private static final int SHORT_ANSWER_TOKENS = 16;
  private static final int LONG_ANSWER_TOKENS = 300;

  /// Between two requests: so they arrive in the order of their slots.
  private static final Duration APART = Duration.ofMillis(30);

  private static final Metric SPEED = Metric.higher("speed while four write on", "tokens/s");
  private static final Metric GAP = Metric.lower("inter-token gap p50", "s");

  @Override
  public String letter() {
    return "C";
  }

  @Override
  public String title() {
    return "8 streams (64 in), those in slots 1, 3, 5, 7 end after 16 tokens, the others after 300";
  }

  @Override
  public List<Metric> metrics() {
    return List.of(SPEED, GAP);
  }

  @Override
  public List<Wanted> wanted() {
    return List.of(Wanted.atLeast(SPEED, 1.5, Beside.DEFAULT));
  }

  @Override
  public Run run(Endpoint server, Prompts prompts) throws InterruptedException {
    List<Ask> asks = new ArrayList<>();
    for (int slot = 0; slot < SLOTS; slot++) {
      boolean ends = slot % 2 == 1;
      Question question =
          prompts.ask(PROMPT_TOKENS, ends ? SHORT_ANSWER_TOKENS : LONG_ANSWER_TOKENS);
      asks.add(
          new Ask(
              ends ? ENDS : WRITES_ON,
              APART.multipliedBy(slot),
              server.peer() == Peer.PARLEY ? question : question.in(slot)));
    }
    List<Reply> replies = OpenLoop.run(server.client(), asks);
    List<Reply> on = Ask.of(replies, WRITES_ON);
    return new Run.Builder(replies)
        .value(SPEED, speed(on, Ask.of(replies, ENDS)))
        .value(GAP, Timings.gap(on, 50))
        .build();
  }

  /// From the end of the last that ends soon to the end of the first that writes on.
  private static OptionalDouble speed(List<Reply> on, List<Reply> ending) {
    long from =
        Timings.completions(ending).stream().mapToLong(Completion::lastNanos).max().orElse(0);
    long to = Timings.completions(on).stream().mapToLong(Completion::lastNanos).min().orElse(0);
    return Timings.speedBetween(on, from, to);
  }
}
