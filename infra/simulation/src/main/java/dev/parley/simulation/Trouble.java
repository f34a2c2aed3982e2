package dev.parley.simulation;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// The faults of one run: what happens, and when: at a time, or just after the k-th run of a script,
/// where the interesting windows are.
final class Trouble {

  /// A fault that waits for the k-th run of a script.
  private static final class Planned {
    final Fault fault;
    final String afterScript;
    int remaining;

    Planned(Fault fault, String afterScript, int remaining) {
      this.fault = fault;
      this.afterScript = afterScript;
      this.remaining = remaining;
    }
  }

  private static final List<String> MOMENTS =
      List.of(
          "update",
          "admit",
          "produced",
          "claim",
          "append",
          "append",
          "append",
          "finish",
          "finish",
          "got",
          "placing",
          "send",
          "placed",
          "edit",
          "delivered",
          "replace",
          "replace",
          "retract",
          "accept",
          "poll",
          "produce",
          "adopt",
          "assert",
          "restore");

  private static final List<Fault> KINDS = List.of(Fault.values());
  private static final long WINDOW_MS = 12_000;
  private static final int MIN_FAULTS = 3;
  private static final int MAX_EXTRA = 4;

  /// How often a fault that takes whole minutes is chosen, of the times it comes up.
  private static final double RARE = 0.65;

  /// Share of the runs that have a worker's crash for certain.
  private static final double CRASHES = 0.8;

  private final World world;
  private final FaultInjector injector;
  private final SplittableRandom random;
  private final List<Planned> planned = new ArrayList<>();
  private final Map<Fault, Integer> armed = new EnumMap<>(Fault.class);
  private final Map<Fault, Integer> happened = new EnumMap<>(Fault.class);
  private final List<Fault> kinds = new ArrayList<>();

  Trouble(World world, FaultInjector injector, SplittableRandom random) {
    this.world = world;
    this.injector = injector;
    this.random = random;
  }

  /// Chooses the faults of the run and schedules those that come at a time.
  void plan() {
    int count = MIN_FAULTS + random.nextInt(MAX_EXTRA);
    if (random.nextDouble() < CRASHES) {
      planned.add(new Planned(Fault.WORKER_CRASH, "append", 1 + random.nextInt(40)));
    }
    while (kinds.size() < count) {
      Fault fault = KINDS.get(random.nextInt(KINDS.size()));
      boolean rare = fault == Fault.WORKERS_AWAY || fault == Fault.BROKER_AWAY;
      if (rare && random.nextDouble() > RARE) {
        continue;
      }
      kinds.add(fault);
    }
    for (Fault fault : kinds) {
      if (fault == Fault.CLOCK_SKEW) {
        count(fault);
      } else if (random.nextBoolean()) {
        world.after(random.nextLong(WINDOW_MS), () -> strike(fault));
      } else {
        String moment = MOMENTS.get(random.nextInt(MOMENTS.size()));
        planned.add(new Planned(fault, moment, 1 + random.nextInt(8)));
      }
    }
  }

  boolean includes(Fault fault) {
    return kinds.contains(fault);
  }

  Map<Fault, Integer> happened() {
    return happened;
  }

  void count(Fault fault) {
    happened.merge(fault, 1, Integer::sum);
  }

  /// A script, poll, send or the like has just run.
  void onScript(String what) {
    for (Planned plan : List.copyOf(planned)) {
      if (plan.afterScript.equals(what) && --plan.remaining == 0) {
        planned.remove(plan);
        world.after(random.nextLong(60), () -> strike(plan.fault));
      }
    }
  }

  void strike(Fault fault) {
    switch (fault) {
      case LOST_MESSAGE,
          LOST_END,
          PLATFORM_GONE,
          DUPLICATE_MESSAGE,
          REORDERED_MESSAGE,
          REORDERED_RECORD,
          STORE_TIMEOUT_AFTER,
          STORE_TIMEOUT_BEFORE,
          PRODUCE_UNKNOWN,
          PLATFORM_TIMEOUT_AFTER,
          PLATFORM_TIMEOUT_BEFORE,
          PLATFORM_429,
          DUPLICATE_UPDATE ->
          armed.merge(
              fault, fault == Fault.PLATFORM_GONE ? 1 : 1 + random.nextInt(3), Integer::sum);
      case WORKER_CRASH,
          WORKER_PAUSE,
          WORKER_ZOMBIE,
          WORKER_DRAIN,
          WORKERS_AWAY,
          GATEWAY_CRASH,
          GATEWAY_PAUSE,
          REDIS_WIPE,
          REDIS_ROLLBACK,
          REDIS_PAUSE,
          BROKER_RESTART,
          BROKER_AWAY,
          GIVEN_UP,
          DUPLICATE_RECORD,
          STRANDED_RECORD,
          PUBSUB_KILL,
          CLOCK_SKEW -> {
        world.log(() -> "FAULT " + fault);
        if (injector.apply(fault)) {
          count(fault);
        }
      }
    }
  }

  /// Whether an armed fault hits this call.
  boolean strikes(Fault fault) {
    int left = armed.getOrDefault(fault, 0);
    if (left == 0) {
      return false;
    }
    armed.put(fault, left - 1);
    count(fault);
    world.log(() -> "FAULT " + fault);
    return true;
  }
}
