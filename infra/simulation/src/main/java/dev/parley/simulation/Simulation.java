package dev.parley.simulation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/// Runs seeds. A run is its seed: the same one happens again, event by event.
public final class Simulation {

  /// A run that has not settled by then never will, ms of simulated time: three absences of all workers, each
  /// begun after the last, and the longest deadline.
  private static final long MAX_MS = 300_000;

  /// Steps between two looks whether a run has settled.
  private static final int CHECK_EVERY = 64;

  private static final long MAX_STEPS = 2_000_000;

  private Simulation() {}

  /// What a replay tells: broken promises first, then every event.
  public record Replay(List<String> violations, List<String> log) {}

  /// Runs one seed with every event written down.
  public static Replay replay(long seed, Bug bug) {
    World world = play(seed, bug, true);
    new Checker(world).check();
    return new Replay(world.violations(), world.log());
  }

  /// Runs one seed.
  public static Report run(long seed, Bug bug) {
    World world = play(seed, bug, false);
    Checker checker = new Checker(world);
    checker.check();
    return Report.of(seed, world, checker);
  }

  private static World play(long seed, Bug bug, boolean logging) {
    World world = new World(seed, bug, logging);
    world.setUp();
    for (long steps = 1; world.elapsedMs() < MAX_MS && steps < MAX_STEPS; steps++) {
      world.step();
      if (steps % CHECK_EVERY == 0 && world.settled()) {
        break;
      }
    }
    return world;
  }

  /// Runs seeds `from` to `from + count - 1` on all cores.
  public static Report runAll(long from, long count, Bug bug) {
    AtomicLong next = new AtomicLong(from);
    int threads = Runtime.getRuntime().availableProcessors();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<Report>> parts =
          IntStream.range(0, threads)
              .mapToObj(i -> pool.submit(() -> part(next, from + count, bug)))
              .toList();
      Report all = Report.empty();
      for (Future<Report> part : parts) {
        all = all.plus(part.get());
      }
      return all;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a run broke down", e.getCause());
    }
  }

  private static Report part(AtomicLong next, long end, Bug bug) {
    Report sum = Report.empty();
    for (long seed = next.getAndIncrement(); seed < end; seed = next.getAndIncrement()) {
      try {
        sum = sum.plus(run(seed, bug));
      } catch (RuntimeException e) {
        throw new IllegalStateException("seed " + seed, e);
      }
    }
    return sum;
  }

  /// The first seed below `count` that breaks a promise under a bug.
  public static Optional<Map.Entry<Long, List<String>>> firstFailure(long count, Bug bug) {
    for (long seed = 0; seed < count; seed++) {
      Map<Long, List<String>> failed = run(seed, bug).failed();
      if (!failed.isEmpty()) {
        return failed.entrySet().stream().findFirst();
      }
    }
    return Optional.empty();
  }
}
