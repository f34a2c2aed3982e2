package dev.parley.bench;

import dev.parley.standalone.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `parley bench path`: what queue and stream add to the time to the first token.
///
/// The same client sends the same streamed request in turn to an engine alone and through gateway,
/// Kafka, worker and Redis, one at a time. With the fake engine, which answers at once and computes
/// nothing, what differs is the path; a real model's own time would be two orders larger and hide it.
@Command(
    name = "path",
    description = "What queue and stream add to the time to the first token.",
    mixinStandardHelpOptions = true)
final class PathBench implements Callable<Integer> {
  /// The most that the path may add at the median, ms.
  private static final double ADDED_P50_MS = 20;

  /// The most that the path may add at the 99th percentile, ms.
  private static final double ADDED_P99_MS = 120;

  /// Bytes of the bare record: about a short prompt's.
  private static final int RECORD_BYTES = 600;

  /// Triples before the first round, which compile the code and open the connections.
  private static final int WARM_UP = 60;

  private static final int MAX_TOKENS = 16;
  private static final String SYSTEM = "Answer briefly.";
  private static final String USER = "Hello there";

  /// Tokens per second of the fake engine: a tenth of a millisecond for each.
  private static final int FAKE_SPEED = 10_000;

  @Mixin private ReportOut out = new ReportOut();

  @Option(names = "--engine", paramLabel = "fake|llama", description = "What answers.")
  private String engine = "fake";

  @Option(names = "--rounds", paramLabel = "N", description = "Rounds (default 5).")
  private int rounds = 5;

  @Option(names = "--requests", paramLabel = "N", description = "Of each kind a round (200).")
  private int requests = 200;

  /// One round's times.
  private record Round(Samples alone, Samples path, Samples queue) {
    Round() {
      this(new Samples(), new Samples(), new Samples());
    }

    double added(double percent) {
      return path.percentileMs(percent) - alone.percentileMs(percent);
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    BenchReport.Builder report =
        new BenchReport.Builder("path")
            .setting("engine", engine)
            .setting("requests", rounds + " rounds of " + requests + " of each kind, in turn")
            .setting("warm-up", WARM_UP + " of each kind");
    Map<String, String> settings =
        Map.of("PARLEY_ENGINE", engine, "PARLEY_FAKE_SPEED", Integer.toString(FAKE_SPEED));
    try (Rig rig = Rig.start(settings)) {
      Node gateway = rig.addGateway();
      rig.addWorker();
      Node alone = rig.addEngine();
      rig.awaitReady();
      String model = engine.equals("fake") ? "fake" : "smollm2-135m";
      try (BareQueue queue = BareQueue.open(rig.servers().bootstrapServers(), RECORD_BYTES)) {
        describe(
            report,
            measure(
                new CompletionClient(alone.url(), model),
                new CompletionClient(gateway.url(), model),
                queue));
      }
    }
    out.write(report.build());
    return 0;
  }

  private List<Round> measure(CompletionClient alone, CompletionClient path, BareQueue queue)
      throws InterruptedException {
    Round warmUp = new Round();
    for (int i = 0; i < WARM_UP; i++) {
      once(warmUp, i, alone, path, queue);
    }
    List<Round> all = new ArrayList<>();
    for (int r = 0; r < rounds; r++) {
      Round round = new Round();
      for (int i = 0; i < requests; i++) {
        once(round, i, alone, path, queue);
      }
      all.add(round);
      System.err.printf("round %d of %d: %.1f ms added at p50%n", r + 1, rounds, round.added(50));
    }
    return all;
  }

  private static void once(
      Round round, int seed, CompletionClient alone, CompletionClient path, BareQueue queue)
      throws InterruptedException {
    round.alone().add(firstToken(alone, seed));
    round.path().add(firstToken(path, seed));
    round.queue().add(queue.time());
  }

  private static Duration firstToken(CompletionClient client, int seed)
      throws InterruptedException {
    Completion answer = client.ask(new Question(SYSTEM, USER, MAX_TOKENS, 0, seed));
    return Duration.ofNanos(answer.firstNanos() - answer.sentNanos());
  }

  private static void describe(BenchReport.Builder report, List<Round> all) {
    Round pooled = new Round();
    for (Round round : all) {
      pooled.alone().addAll(round.alone());
      pooled.path().addAll(round.path());
      pooled.queue().addAll(round.queue());
    }
    for (double p : new double[] {50, 95, 99}) {
      String at = " p" + (int) p;
      show(report, of("engine alone, first token" + at, pooled, all, r -> at(r.alone(), p)));
      show(report, of("through Parley, first token" + at, pooled, all, r -> at(r.path(), p)));
      show(report, of("bare Kafka, produce to poll" + at, pooled, all, r -> at(r.queue(), p)));
    }
    Figure median = report.headline(of("added at p50", pooled, all, r -> r.added(50)));
    Figure worst = report.headline(of("added at p99", pooled, all, r -> r.added(99)));
    report
        .target(Target.atMost(median, ADDED_P50_MS))
        .target(Target.atMost(worst, ADDED_P99_MS))
        .note(
            "Values are of all rounds' samples together, min and max of single rounds. Bare Kafka"
                + " is a part of what Parley adds: one producer and one share consumer with its"
                + " settings.");
  }

  /// Those at p95 are in the report, but not in an overview.
  private static void show(BenchReport.Builder report, Figure figure) {
    var _ = figure.name().endsWith("p95") ? report.figure(figure) : report.headline(figure);
  }

  private static double at(Samples samples, double percent) {
    return samples.percentileMs(percent);
  }

  private static Figure of(
      String name, Round pooled, List<Round> all, ToDoubleFunction<Round> value) {
    return Figure.of(
        name, "ms", value.applyAsDouble(pooled), all.stream().mapToDouble(value).boxed().toList());
  }
}
