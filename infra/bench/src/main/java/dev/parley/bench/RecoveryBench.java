package dev.parley.bench;

import dev.parley.standalone.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `parley bench recovery`: from `kill -9` in the middle of an answer to the next text that its reader
/// sees.
@Command(
    name = "recovery",
    description = "From kill -9 in the middle of an answer to the next visible text.",
    mixinStandardHelpOptions = true)
final class RecoveryBench implements Callable<Integer> {
  /// The most from a worker's death to the next text, at the median, s.
  private static final double WORKER_SECONDS = 2.5;

  /// Tokens per second, each visible by itself: slower than the worker's 40 ms of gathering.
  private static final int SPEED = 20;

  /// Growths after the kill in which the pause is looked for: 3 s of text.
  private static final int AFTER = 60;

  /// Text that was on its way when something died arrives within this time.
  private static final Duration ON_ITS_WAY = Duration.ofMillis(200);

  private static final double NANOS_PER_SECOND = 1e9;
  private static final double P95 = 95;

  /// What is killed.
  private enum Victim {
    WORKER("worker that writes"),
    GATEWAY("gateway that owns and serves"),
    REDIS("Redis, back empty"),
    BROKER("broker, back with its data"),
    /// Nobody asks the broker about an answer that runs, so this asks for a new one.
    BROKER_NEW("broker, a new message's first text");

    private final String words;

    Victim(String words) {
      this.words = words;
    }
  }

  @Mixin private ReportOut out = new ReportOut();

  @Option(names = "--rounds", paramLabel = "N", description = "Rounds (default 10).")
  private int rounds = 10;

  @Option(names = "--victims", split = ",", description = "Of: ${COMPLETION-CANDIDATES}.")
  private List<Victim> victims = List.of(Victim.values());

  private final Map<Victim, List<Double>> seconds = new EnumMap<>(Victim.class);
  private final List<Double> brokerSeconds = new ArrayList<>();
  private int restarts;

  @Override
  public Integer call() throws InterruptedException {
    BenchReport.Builder report =
        new BenchReport.Builder("recovery")
            .setting("processes", "2 gateways, 2 workers, Kafka and Redis as in `up`")
            .setting("engine", "fake, " + SPEED + " tokens/s")
            .setting("reader", "as the page: comes back after 0.4 s, to the other gateway")
            .setting("rounds", rounds + ", the victims in turn");
    Map<String, String> settings =
        Map.of("PARLEY_ENGINE", "fake", "PARLEY_FAKE_SPEED", Integer.toString(SPEED));
    try (Rig rig = Rig.start(settings)) {
      List<Node> gateways = List.of(rig.addGateway(), rig.addGateway());
      List<Node> workers = List.of(rig.addWorker(), rig.addWorker());
      for (int round = 0; round < rounds; round++) {
        for (Victim victim : victims) {
          rig.awaitReady();
          double took = measure(victim, rig, gateways, workers);
          seconds.computeIfAbsent(victim, v -> new ArrayList<>()).add(took);
          System.err.printf("round %d of %d, %s: %.2f s%n", round + 1, rounds, victim, took);
        }
      }
    }
    describe(report);
    out.write(report.build());
    return 0;
  }

  private double measure(Victim victim, Rig rig, List<Node> gateways, List<Node> workers)
      throws InterruptedException {
    Conversation running = Conversation.flowing(gateways);
    Node writer = running.writer(workers, rig.redis());
    long died = System.nanoTime();
    Conversation watched = running;
    switch (victim) {
      case WORKER -> writer.kill();
      case GATEWAY -> gateways.getFirst().kill();
      case REDIS -> rig.servers().emptyRedis();
      case BROKER -> {
        rig.servers().killBroker();
        rig.servers().startBroker();
      }
      case BROKER_NEW -> {
        rig.servers().killBroker();
        watched = Conversation.ask(gateways);
        rig.servers().startBroker();
        brokerSeconds.add((System.nanoTime() - died) / NANOS_PER_SECOND);
      }
    }
    watched.reader().awaitGrown(AFTER, died);
    restarts += watched.reader().restarts();
    List<Long> grown = watched.reader().grown();
    running.stop();
    watched.stop();
    long nanos =
        victim == Victim.BROKER_NEW
            ? grown.getFirst() - died
            : Outage.nanos(grown, died, ON_ITS_WAY.toNanos());
    return nanos / NANOS_PER_SECOND;
  }

  /// Less than nothing where Parley's clients were served before the one that asked for readiness.
  private List<Double> afterBrokerSeconds() {
    List<Double> whole = seconds.getOrDefault(Victim.BROKER_NEW, List.of());
    return IntStream.range(0, whole.size())
        .mapToObj(i -> whole.get(i) - brokerSeconds.get(i))
        .toList();
  }

  private void describe(BenchReport.Builder report) {
    seconds.forEach((victim, all) -> {
      Samples samples = new Samples();
      all.forEach(s -> samples.add(Duration.ofNanos(Math.round(s * NANOS_PER_SECOND))));
      Figure median = report.headline(Figure.median(victim.words + ", p50", "s", all));
      report.headline(
          Figure.of(
              victim.words + ", p95",
              "s",
              samples.percentileMs(P95) / Duration.ofSeconds(1).toMillis(),
              all));
      if (victim == Victim.WORKER) {
        report.target(Target.atMost(median, WORKER_SECONDS));
      }
    });
    if (!brokerSeconds.isEmpty()) {
      report.headline(
          Figure.median("the broker itself, until it answers again", "s", brokerSeconds));
      report.headline(
          Figure.median("a new message's first text, from then on", "s", afterBrokerSeconds()));
    }
    report.note(
        String.format(
            Locale.ROOT,
            "Where nothing pauses, the figure is about %.2f s: text that had left before the kill"
                + " does not count. Answers that began anew: %d.",
            ON_ITS_WAY.toMillis() / (double) Duration.ofSeconds(1).toMillis(),
            restarts));
  }
}
