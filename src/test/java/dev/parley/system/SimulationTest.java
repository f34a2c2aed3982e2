package dev.parley.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.simulation.Bug;
import dev.parley.simulation.Fault;
import dev.parley.simulation.Report;
import dev.parley.simulation.Simulation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The turn protocol under seeded faults: the promise holds, the faults really happened, and mistakes
/// that are planted are found. A failing seed is seen event by event with
/// `./parley bench simulation --replay SEED`.
class SimulationTest {

  private static final long SEEDS = 20_000;
  private static final long BUG_SEEDS = 2_000;
  private static final long LEAST_FAULTS = 1_000;
  private static final long LEAST_TRANSITIONS = 100;
  private static final double LEAST_TAKE_OVERS = 0.3;

  /// Redis and an owner lost together: the written exception may excuse few runs.
  private static final double MOST_EXEMPT = 0.1;

  /// The arrows of the protocol's diagram. Not among them: ends that only an owner's assert puts on a
  /// turn which a rolled-back Redis shows in an earlier state.
  private static final List<String> TRANSITIONS =
      List.of(
          "WAITING -> READY",
          "WAITING -> CANCELLED",
          "WAITING -> EXPIRED",
          "READY -> QUEUED",
          "READY -> RUNNING",
          "READY -> CANCELLED",
          "READY -> EXPIRED",
          "QUEUED -> RUNNING",
          "QUEUED -> CANCELLED",
          "QUEUED -> EXPIRED",
          "QUEUED -> FAILED",
          "RUNNING -> RUNNING",
          "RUNNING -> QUEUED",
          "RUNNING -> READY",
          "RUNNING -> DONE",
          "RUNNING -> FAILED",
          "RUNNING -> EXPIRED",
          "RUNNING -> CANCELLED",
          "DONE -> DELIVERED",
          "FAILED -> DELIVERED",
          "EXPIRED -> DELIVERED",
          "CANCELLED -> DELIVERED",
          "DONE -> UNDELIVERABLE");

  @Test
  void the_promise_holds_under_every_mix_of_faults() {
    Report report = Simulation.runAll(0, SEEDS, Bug.NONE);

    assertThat(report.failed())
        .as("seeds that broke a promise: ./parley bench simulation --replay SEED shows one")
        .isEmpty();
    for (Fault fault : Fault.values()) {
      assertThat(report.faults()).as("how often %s happened", fault).containsKey(fault);
      assertThat(report.faults().get(fault)).as("%s", fault).isGreaterThanOrEqualTo(LEAST_FAULTS);
    }
    for (String transition : TRANSITIONS) {
      assertThat(report.counts().getOrDefault(transition, 0L))
          .as(transition)
          .isGreaterThanOrEqualTo(LEAST_TRANSITIONS);
    }
    for (String wanted :
        List.of("rolled over", "previewed", "replaced", "replaced while open", "retracted")) {
      assertThat(report.counts().getOrDefault(wanted, 0L))
          .as(wanted)
          .isGreaterThanOrEqualTo(LEAST_FAULTS);
    }
    assertThat(report.takeOvers()).isGreaterThan((long) (LEAST_TAKE_OVERS * SEEDS));
    assertThat(report.exempt()).isLessThan((long) (MOST_EXEMPT * SEEDS));
    print(report);
  }

  @ParameterizedTest
  @EnumSource(value = Bug.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void a_planted_bug_is_found(Bug bug) {
    assertThat(Simulation.firstFailure(BUG_SEEDS, bug)).as("%s", bug).isPresent();
  }

  @Test
  void the_same_seed_is_the_same_run() {
    assertThat(Simulation.replay(4711, Bug.NONE).log())
        .isEqualTo(Simulation.replay(4711, Bug.NONE).log());
  }

  private static void print(Report report) {
    System.out.printf(
        "%d runs, %d with take-overs, %d exempt%n",
        report.runs(), report.takeOvers(), report.exempt());
    for (Map.Entry<?, Long> fault : report.faults().entrySet()) {
      System.out.printf("  %-24s %,d%n", fault.getKey(), fault.getValue());
    }
    report.counts().forEach((what, n) -> System.out.printf("  %-28s %,d%n", what, n));
  }
}
