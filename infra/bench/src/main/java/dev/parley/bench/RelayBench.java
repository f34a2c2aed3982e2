package dev.parley.bench;

import dev.parley.shared.wire.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

  /// How long a round's last words may be on their way, s.
  private static final long ARRIVAL_SECONDS = 120;

  @Mixin private ReportOut out = new ReportOut();

  @Option(names = "--rounds", paramLabel = "N", description = "Rounds (default 5).")
  private int rounds = 5;

  @Option(names = "--turns", paramLabel = "N", description = "Open turns (default 1000).")
  private int turns = 1_000;

  @Option(names = "--deltas", paramLabel = "N", description = "Of each turn a round (100).")
  private int deltas = 100;

  @Option(names = "--workers", paramLabel = "N", description = "That share the turns (4).")
  private int workers = 4;

  @Option(names = "--heap-turns", paramLabel = "N", description = "Open turns of the heap figure.")
  private int heapTurns = 10_000;

  private record Round(double parley, double scripts, double publishes) {}

  @Override
  public Integer call() throws InterruptedException {
    BenchReport.Builder report =
        new BenchReport.Builder("relay")
            .setting("open turns", turns + " of " + workers + " workers")
            .setting("deltas", deltas + " of one token for each turn and round")
            .setting("rounds", rounds + " after one for warm-up, the three ways in turn")
            .setting("heap", heapTurns + " open turns of " + HeapProbe.DELTAS + " deltas");
    try (Rig rig = Rig.start(Map.of())) {
      relay(report, rig);
    }
    heap(report);
    out.write(report.build());
    return 0;
  }

  private void relay(BenchReport.Builder report, Rig rig) throws InterruptedException {
    List<Round> all = new ArrayList<>();
    double gaps;
    try (RelayGateway gateway = new RelayGateway(rig.redis());
        BareRelay bare = new BareRelay(rig.redis())) {
      List<RelayWorker> publishing =
          IntStream.range(0, workers).mapToObj(i -> new RelayWorker(rig.redis())).toList();
      for (int r = 0; r <= rounds; r++) {
        Round round =
            new Round(
                parley(gateway, publishing),
                bare.scripts(workers, turns, deltas),
                bare.publishes(workers, turns, PUBLISH_TIMES * deltas));
        System.err.printf("round %d of %d: %s%n", r, rounds, round);
        if (r > 0) {
          all.add(round);
        }
      }
      gaps = gateway.gaps();
      publishing.forEach(RelayWorker::close);
    }
    describe(report, all, gaps);
  }

  /// One round of all turns through Parley, deltas per second.
  private double parley(RelayGateway gateway, List<RelayWorker> publishing)
      throws InterruptedException {
    CountDownLatch whole = new CountDownLatch(turns);
    List<Prompt> prompts = gateway.open(turns, deltas * RelayWorker.WORD.length(), whole);
    int each = turns / workers;
    inParallel(w -> publishing.get(w).claim(prompts.subList(w * each, (w + 1) * each)));
    long began = System.nanoTime();
    inParallel(w -> publishing.get(w).stream(deltas));
    if (!whole.await(ARRIVAL_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(whole.getCount() + " answers did not arrive whole");
    }
    double speed = (double) turns * deltas * 1e9 / (System.nanoTime() - began);
    inParallel(w -> publishing.get(w).finish());
    gateway.awaitNoneOpen();
    return speed;
  }

  private interface Work {
    void run(int worker) throws InterruptedException;
  }

  private void inParallel(Work work) throws InterruptedException {
    List<Future<?>> running = new ArrayList<>();
    try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      for (int w = 0; w < workers; w++) {
        int worker = w;
        running.add(
            threads.submit(() -> {
              work.run(worker);
              return worker;
            }));
      }
    }
    for (Future<?> each : running) {
      try {
        each.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("a worker failed", e);
      }
    }
  }

  private static void describe(BenchReport.Builder report, List<Round> all, double gaps) {
    report.figure(Figure.median("Parley", "deltas/s", all.stream().map(Round::parley).toList()));
    report.figure(
        Figure.median(
            "bare EVALSHA (HSET, RPUSH, PUBLISH)",
            "deltas/s",
            all.stream().map(Round::scripts).toList()));
    report.figure(
        Figure.median("bare PUBLISH", "deltas/s", all.stream().map(Round::publishes).toList()));
    report.figure(
        Figure.median(
            "Parley / bare PUBLISH",
            "times",
            all.stream().map(r -> r.parley() / r.publishes()).toList()));
    report
        .target(
            Target.atLeast(
                report.figure(
                    Figure.median(
                        "Parley / bare EVALSHA",
                        "times",
                        all.stream().map(r -> r.parley() / r.scripts()).toList())),
                SHARE))
        .target(
            Target.atMost(
                report.figure(Figure.median("gaps and lost subscriptions", "count", List.of(gaps))),
                0))
        .note(
            "The bare loops send texts made beforehand, and their listener only counts; Parley also"
                + " encodes and decodes JSON, checks the attempt, and keeps every turn's text. All"
                + " ran on this machine's cores, Redis included.");
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
            report.figure(
                Figure.median(
                    "heap with %,d open turns".formatted(heapTurns),
                    "MB",
                    heap.fullBytes().stream().map(bytes -> bytes / BYTES_PER_MB).toList())),
            HEAP_MB));
  }
}
