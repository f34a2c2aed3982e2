package dev.parley.bench;

import dev.parley.simulation.Bug;
import dev.parley.simulation.Report;
import dev.parley.simulation.Simulation;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `parley bench simulation`: many seeds of the protocol's simulation, or one of them event by event.
@Command(
    name = "simulation",
    description = "Runs seeds of the protocol's simulation; exit 1 when one broke the promise.",
    mixinStandardHelpOptions = true)
final class SimulationBench implements Callable<Integer> {

  /// Seeds between two lines of progress.
  private static final long SLICE = 20_000;

  private static final long NO_REPLAY = -1;

  @Option(names = "--seeds", paramLabel = "N", description = "How many (default 20000).")
  private long seeds = SLICE;

  @Option(names = "--from", paramLabel = "SEED", description = "The first (default 0).")
  private long from;

  @Option(names = "--replay", paramLabel = "SEED", description = "Shows one run, event by event.")
  private long replay = NO_REPLAY;

  @Override
  public Integer call() {
    return replay == NO_REPLAY ? runAll() : replay();
  }

  private int replay() {
    Simulation.Replay run = Simulation.replay(replay, Bug.NONE);
    run.log().forEach(System.out::println);
    run.violations().forEach(broken -> System.out.println("BROKEN " + broken));
    return run.violations().isEmpty() ? 0 : 1;
  }

  private int runAll() {
    long began = System.nanoTime();
    Report sum = Report.empty();
    for (long next = from; next < from + seeds; next += SLICE) {
      sum = sum.plus(Simulation.runAll(next, Math.min(SLICE, from + seeds - next), Bug.NONE));
      System.err.printf("%,d of %,d seeds, failed: %s%n", sum.runs(), seeds, sum.failed().keySet());
    }
    print(sum, (System.nanoTime() - began) / 1_000_000_000);
    return sum.failed().isEmpty() ? 0 : 1;
  }

  private static void print(Report report, long seconds) {
    System.out.printf(
        "%,d runs in %,d s: %,d with take-overs, %,d exempt, %,d broke the promise%n%n",
        report.runs(), seconds, report.takeOvers(), report.exempt(), report.failed().size());
    System.out.println("| fault | times |\n|---|---|");
    report.faults().forEach((fault, n) -> System.out.printf("| %s | %,d |%n", fault, n));
    System.out.println("\n| event | times |\n|---|---|");
    report.counts().forEach((event, n) -> System.out.printf("| %s | %,d |%n", event, n));
    for (Map.Entry<Long, ?> seed : report.failed().entrySet()) {
      System.out.printf(
          "%n%s%n  ./parley bench simulation --replay %d%n", seed.getValue(), seed.getKey());
    }
  }
}
