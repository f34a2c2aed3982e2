package dev.parley.simulation;

import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnState;
import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.Wire;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;

/// Makes faults happen; [Trouble] says when.
final class FaultInjector {

  /// How often what a rollback goes back to is kept, ms.
  private static final long SNAPSHOT_MS = 250;

  private static final int SNAPSHOTS = 5;
  private static final long GIVE_UP_AGAIN_MS = 100;

  /// How long workers or the broker are away: past every deadline.
  private static final long AWAY_MS = SimGateway.ANSWER_MS + 20_000;

  private final World world;
  private final SplittableRandom random;
  private final Deque<Object> snapshots = new ArrayDeque<>();

  FaultInjector(World world, SplittableRandom random) {
    this.world = world;
    this.random = random;
  }

  /// Keeps what Redis has from now on, for a rollback.
  void snapshot() {
    snapshots.addLast(world.store().snapshot());
    if (snapshots.size() > SNAPSHOTS) {
      snapshots.removeFirst();
    }
    world.after(SNAPSHOT_MS, this::snapshot);
  }

  /// @return whether there was something to harm
  boolean apply(Fault fault) {
    long now = world.now();
    world.losses().troubledUntil(now);
    return switch (fault) {
      case WORKER_CRASH -> world.fleet().crash(world.fleet().anyWorker());
      case WORKER_PAUSE -> pauseWorker(500 + random.nextLong(8_000));
      case WORKER_ZOMBIE -> {
        long pause = World.LOCK_MS + 500 + random.nextLong(3_000);
        if (random.nextInt(4) == 0) {
          // It wakes up into an empty Redis.
          world.after(pause - random.nextLong(700), () -> world.trouble().strike(Fault.REDIS_WIPE));
        }
        yield pauseWorker(pause);
      }
      case WORKER_DRAIN -> {
        world.fleet().anyWorker().drain();
        yield true;
      }
      case WORKERS_AWAY -> {
        world.losses().awayUntil(now + AWAY_MS);
        world.fleet().noWorkersUntil(now + AWAY_MS);
        yield true;
      }
      case GATEWAY_CRASH -> crash(world.fleet().anyGateway());
      case GATEWAY_PAUSE -> pauseGateway(500 + random.nextLong(8_000));
      case REDIS_WIPE -> {
        world.store().wipe();
        world.losses().wiped(now);
        redisReturns(true);
        yield true;
      }
      case REDIS_ROLLBACK -> {
        if (snapshots.isEmpty()) {
          yield false;
        }
        world.store().rollBack(snapshots.getFirst());
        world.losses().rolledBack(now);
        world.onRolledBack();
        redisReturns(true);
        yield true;
      }
      case REDIS_PAUSE -> pauseRedis(500 + random.nextLong(9_500));
      case BROKER_RESTART -> {
        long until = now + 500 + random.nextLong(2_000);
        restartBroker(until);
        world.losses().troubledUntil(until);
        yield true;
      }
      case BROKER_AWAY -> {
        restartBroker(now + AWAY_MS);
        world.losses().awayUntil(now + AWAY_MS);
        yield true;
      }
      case GIVEN_UP -> giveUp();
      case DUPLICATE_RECORD -> {
        var last = world.network().lastPrompt();
        last.ifPresent(value ->
            world.queue().produce(Lane.INTERACTIVE, Wire.decodePrompt(value).key(), value, now));
        yield last.isPresent();
      }
      case STRANDED_RECORD -> {
        List<SimWorker> workers = world.fleet().workers();
        workers.get(random.nextInt(workers.size())).strand();
        world.losses().troubledUntil(now + World.LOCK_MS);
        yield true;
      }
      case PUBSUB_KILL -> {
        redisReturns(false);
        yield true;
      }
      case LOST_MESSAGE,
          DUPLICATE_MESSAGE,
          REORDERED_MESSAGE,
          REORDERED_RECORD,
          STORE_TIMEOUT_AFTER,
          STORE_TIMEOUT_BEFORE,
          PRODUCE_UNKNOWN,
          PLATFORM_TIMEOUT_AFTER,
          PLATFORM_TIMEOUT_BEFORE,
          PLATFORM_429,
          PLATFORM_GONE,
          LOST_END,
          DUPLICATE_UPDATE,
          CLOCK_SKEW ->
          throw new IllegalStateException(fault + " strikes by itself");
    };
  }

  private boolean pauseWorker(long forMs) {
    world.fleet().anyWorker().actor.pause(forMs);
    world.losses().troubledUntil(world.now() + Math.max(forMs, World.LOCK_MS));
    return true;
  }

  private boolean crash(SimGateway gateway) {
    world.losses().crashed(gateway.actor.id, world.now());
    world.loseOwner(gateway);
    world.fleet().crash(gateway);
    return true;
  }

  private boolean pauseGateway(long forMs) {
    SimGateway gateway = world.fleet().anyGateway();
    gateway.actor.pause(forMs);
    world.loseOwner(gateway);
    world.losses().troubledUntil(world.now() + forMs);
    return true;
  }

  private boolean pauseRedis(long forMs) {
    long until = world.now() + forMs;
    world.network().redisAway(until);
    world.losses().troubledUntil(until);
    if (forMs > TurnStore.GATEWAY_LEASE_MS) {
      // Nobody's liveness is left in what a rollback brings back.
      world.losses().lostOwner(until);
    }
    return true;
  }

  private void redisReturns(boolean memory) {
    if (memory) {
      world.losses().lostMemory(world.now());
    }
    world.fleet().gateways().stream()
        .filter(g -> g.actor.alive())
        .forEach(g -> g.dropSubscription(50 + random.nextLong(500)));
  }

  private void restartBroker(long downUntilMs) {
    world.queue().restart(world.now());
    world.network().brokerAway(downUntilMs);
  }

  /// The broker gives up the record of a turn that is still wanted.
  private boolean giveUp() {
    List<TurnView> open =
        world.store().turns().stream()
            .filter(t -> !t.state().ended() && t.state() != TurnState.WAITING)
            .toList();
    if (open.isEmpty()) {
      if (world.elapsedMs() < Users.LAST_MESSAGE_MS) {
        world.after(GIVE_UP_AGAIN_MS, () -> world.trouble().strike(Fault.GIVEN_UP));
      }
      return false;
    }
    List<TurnView> queued = open.stream().filter(t -> t.state() != TurnState.RUNNING).toList();
    List<TurnView> from = queued.isEmpty() ? open : queued;
    TurnRef ref = from.get(random.nextInt(from.size())).ref();
    world.turn(ref).givenUp = true;
    SimGateway reader = world.fleet().anyGateway();
    reader.actor.after(world.network().latency(), () -> reader.owner.onDeadLetter(ref));
    return true;
  }
}
