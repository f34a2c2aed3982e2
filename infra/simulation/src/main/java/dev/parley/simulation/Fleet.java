package dev.parley.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// The gateways and workers of a run. One that dies is replaced by a fresh process, so there is always one to choose.
final class Fleet {
  private static final long RESTART_MS = 1_500;
  private static final long MAX_SKEW_MS = 600_000;

  private final World world;
  private final Schedule schedule;
  private final SplittableRandom random;
  private final List<SimGateway> gateways = new ArrayList<>();
  private final List<SimWorker> workers = new ArrayList<>();
  private long workersUntilMs;
  private int names;

  Fleet(World world, Schedule schedule, SplittableRandom random) {
    this.world = world;
    this.schedule = schedule;
    this.random = random;
  }

  void start() {
    int gatewayCount = 2 + random.nextInt(2);
    int workerCount = 2 + random.nextInt(2);
    for (int i = 0; i < gatewayCount; i++) {
      gateways.add(newGateway());
    }
    for (int i = 0; i < workerCount; i++) {
      workers.add(newWorker());
    }
  }

  private Actor newActor(String kind) {
    boolean skewed = world.trouble().includes(Fault.CLOCK_SKEW);
    long skew = skewed ? random.nextLong(-MAX_SKEW_MS, MAX_SKEW_MS) : 0;
    return new Actor(kind + names++, schedule, skew);
  }

  private SimGateway newGateway() {
    return new SimGateway(world, newActor("g"));
  }

  private SimWorker newWorker() {
    boolean other = random.nextInt(12) == 0;
    return new SimWorker(world, newActor("w"), other ? "fp2" : "fp1");
  }

  // ---- gateways

  List<SimGateway> gateways() {
    return gateways;
  }

  SimGateway anyGateway() {
    return gateways.get(random.nextInt(gateways.size()));
  }

  void crash(SimGateway gateway) {
    gateway.actor.kill();
    SimGateway next = newGateway();
    next.actor.pause(RESTART_MS);
    gateways.set(gateways.indexOf(gateway), next);
  }

  // ---- workers

  List<SimWorker> workers() {
    return workers;
  }

  /// Rather one that has something to lose.
  SimWorker anyWorker() {
    List<SimWorker> busy = workers.stream().filter(w -> !w.idle()).toList();
    List<SimWorker> from = busy.isEmpty() || random.nextInt(4) == 0 ? workers : busy;
    return from.get(random.nextInt(from.size()));
  }

  /// Kills all workers; those that take their places start no earlier.
  void noWorkersUntil(long atMs) {
    workersUntilMs = atMs;
    List.copyOf(workers).forEach(this::crash);
  }

  /// @return false when it was dead already
  boolean crash(SimWorker worker) {
    if (!workers.remove(worker)) {
      return false;
    }
    worker.actor.kill();
    worker.disconnect();
    replaceWorker();
    return true;
  }

  /// A worker that drained has left.
  void left(SimWorker worker) {
    var _ = crash(worker);
  }

  private void replaceWorker() {
    // Never an empty list: a fresh process takes the place, alive only once it has started.
    SimWorker next = newWorker();
    long startsAt = Math.max(world.now() + RESTART_MS, workersUntilMs);
    next.actor.pause(startsAt - world.now());
    world.losses().troubledUntil(world.now() + RESTART_MS);
    workers.add(next);
  }
}
