package dev.parley.bench;

import dev.parley.shared.redis.RedisSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import redis.clients.jedis.Jedis;

/// `parley bench relay`: deltas per second from workers to a gateway, and what a gateway's open turns
/// weigh.
///
/// The ways alternate: Parley's (publisher, append script, subscriber, turn machine), a bare loop of
/// script calls with the commands that an append cannot do without, and bare PUBLISH. All share this
/// machine's cores with Redis.
@Command(
    name = "relay",
    description = "Deltas per second from workers to a gateway; heap of many open turns.",
    mixinStandardHelpOptions = true)
final class RelayBench implements Callable<Integer> {
  /// Parley's way carries at least this share of the bare script loop.
  private static final double SHARE = 0.7;

  /// The most heap of a gateway with [#heapTurns] open turns, MB.
  private static final double HEAP_MB = 1_000;

  private static final double BYTES_PER_MB = 1e6;

  /// Bare PUBLISH is so much faster that a round needs more of it to be measured.
  private static final int PUBLISH_TIMES = 5;

  @Mixin private ReportOut out = new ReportOut();

  @Option(names = "--rounds", paramLabel = "N", description = "Rounds (default 9).")
  private int rounds = 9;

  @Option(names = "--turns", paramLabel = "N", description = "Open turns (default 1000).")
  private int turns = 1_000;

  @Option(names = "--deltas", paramLabel = "N", description = "Of each turn a round (100).")
  private int deltas = 100;

  @Option(names = "--workers", paramLabel = "N", description = "That share the turns (4).")
  private int workers = 4;

  @Option(names = "--heap-turns", paramLabel = "N", description = "Open turns of the heap figure.")
  private int heapTurns = 10_000;

  private record Round(Speed parley, Speed scripts, Speed publishes) {}

  @Override
  public Integer call() throws InterruptedException {
    BenchReport.Builder report =
        new BenchReport.Builder("relay")
            .setting("open turns", turns + " of " + workers + " workers")
            .setting("deltas", deltas + " of one token for each turn and round")
            .setting("rounds", rounds + " after one for warm-up, the three ways in turn")
            .setting("Redis", "append-only file, fsync each second, not rewritten meanwhile")
            .setting("heap", heapTurns + " open turns of " + HeapProbe.DELTAS + " deltas");
    try (Rig rig = Rig.start(Map.of())) {
      stopRewriting(rig.redis());
      relay(report, rig);
    }
    heap(report);
    out.write(report.build());
    return 0;
  }

  /// A rewrite costs Redis a third of its speed for a while, and which way it hits is chance.
  private static void stopRewriting(RedisSettings redis) {
    try (Jedis connection = new Jedis(redis.host(), redis.port())) {
      connection.configSet("auto-aof-rewrite-percentage", "0");
    }
  }

  private void relay(BenchReport.Builder report, Rig rig) throws InterruptedException {
    List<Round> all = new ArrayList<>();
    try (ParleyRelay parley = new ParleyRelay(rig.redis(), workers);
        BareRelay bare = new BareRelay(rig.redis());
        CpuClock clock = new CpuClock(rig.redis())) {
      for (int r = 0; r <= rounds; r++) {
        Round round =
            new Round(
                parley.round(turns, deltas, clock),
                bare.scripts(workers, turns, deltas, clock),
                bare.publishes(workers, turns, PUBLISH_TIMES * deltas, clock));
        System.err.printf("round %d of %d: %s%n", r, rounds, round);
        if (r > 0) {
          all.add(round);
        }
      }
      describe(report, all, parley.gaps());
    }
  }

  private static void describe(BenchReport.Builder report, List<Round> all, double gaps) {
    way(report, "Parley", all.stream().map(Round::parley).toList());
    way(report, "bare EVALSHA (HSET, RPUSH, PUBLISH)", all.stream().map(Round::scripts).toList());
    way(report, "bare PUBLISH", all.stream().map(Round::publishes).toList());
    ratio(report, "Parley / bare PUBLISH", all, Round::publishes);
    report
        .target(Target.atLeast(ratio(report, "Parley / bare EVALSHA", all, Round::scripts), SHARE))
        .target(
            Target.atMost(
                report.headline(
                    Figure.median("gaps and lost subscriptions", "count", List.of(gaps))),
                0))
        .note(
            "The bare loops send texts made beforehand, and their listener only counts; Parley also"
                + " encodes and decodes JSON, checks the attempt, and keeps every turn's text."
                + " Workers, gateway and Redis share this machine's cores.");
  }

  private static void way(BenchReport.Builder report, String name, List<Speed> speeds) {
    report.headline(
        Figure.median(name, "deltas/s", speeds.stream().map(Speed::perSecond).toList()));
    report.figure(
        Figure.median(
            name + ", CPU of the JVM", "us/delta", speeds.stream().map(Speed::jvmMicros).toList()));
    report.figure(
        Figure.median(
            name + ", CPU of Redis", "us/delta", speeds.stream().map(Speed::redisMicros).toList()));
  }

  private static Figure ratio(
      BenchReport.Builder report, String name, List<Round> all, Function<Round, Speed> other) {
    return report.headline(
        Figure.median(
            name,
            "times",
            all.stream()
                .map(round -> round.parley().perSecond() / other.apply(round).perSecond())
                .toList()));
  }

  private void heap(BenchReport.Builder report) throws InterruptedException {
    if (heapTurns == 0) {
      return;
    }
    HeapProbe.Heap heap = HeapProbe.measure(heapTurns);
    report.figure(
        Figure.median("heap of an idle gateway", "MB", List.of(heap.idleBytes() / BYTES_PER_MB)));
    report.target(
        Target.atMost(
            report.headline(
                Figure.median(
                    "heap with %,d open turns".formatted(heapTurns),
                    "MB",
                    heap.fullBytes().stream().map(bytes -> bytes / BYTES_PER_MB).toList())),
            HEAP_MB));
  }
}
