package dev.parley.simulation;

import dev.parley.gateway.chat.InboundMessage;
import dev.parley.gateway.dispatch.ProduceResult;
import dev.parley.gateway.reply.ReplyPlatform;
import dev.parley.gateway.turn.TurnOwner;
import dev.parley.shared.testing.ShareQueueModel;
import dev.parley.shared.turn.Claim;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnState;
import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.wire.ChannelMessage;
import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.ReplyAddress;
import dev.parley.shared.wire.Sampling;
import dev.parley.shared.wire.TurnRequest;
import dev.parley.shared.wire.Wire;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Everything of one run: users, platform, gateways, Redis, queue, workers, and what goes wrong.
final class World implements BuggyStore.Listener {

  static final TurnRef NO_TURN = new TurnRef("-", "-");

  private static final List<Case.Kind> KINDS = List.of(Case.Kind.values());
  private static final long START_MS = 1_000_000;
  private static final long WARM_UP_MS = 3_500;
  private static final long SENDING_MS = 5_000;
  private static final long RESTART_MS = 1_500;
  private static final long MAX_SKEW_MS = 600_000;
  private static final long UPDATE_TIMEOUT_MS = 5_000;
  private static final long SNAPSHOT_MS = 250;
  private static final int SNAPSHOTS = 5;
  private static final long GIVE_UP_AGAIN_MS = 100;
  private static final long LOCK_MS = 15_000;

  private final Bug bug;
  private final boolean logging;
  private final SplittableRandom random;
  private final Schedule schedule = new Schedule(START_MS);
  private final BuggyStore store;
  private final ShareQueueModel queue =
      new ShareQueueModel(new ShareQueueModel.Limits(LOCK_MS, 10, 10_000));
  private final Trouble trouble;
  private final Map<TurnRef, Case> cases = new TreeMap<>();
  private final List<SimGateway> gateways = new ArrayList<>();
  private final List<SimWorker> workers = new ArrayList<>();
  private final Map<String, Long> counts = new TreeMap<>();
  private final Map<String, Long> lastDelivery = new HashMap<>();
  private final List<String> log = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();
  private final Deque<Object> snapshots = new ArrayDeque<>();
  private final Set<TurnRef> seenUpdates = new HashSet<>();
  private final List<Long> memoryLost = new ArrayList<>();
  private final List<Long> ownersLost = new ArrayList<>();
  private final List<Long> wiped = new ArrayList<>();
  private final Map<String, Long> crashed = new HashMap<>();
  private Optional<byte[]> lastPrompt = Optional.empty();
  private boolean takenOver;
  private long redisUntilMs;
  private long brokerUntilMs;
  private long workersUntilMs;
  private long calmMs;
  private long awayUntilMs;
  private int names;

  World(long seed, Bug bug, boolean logging) {
    this.bug = bug;
    this.logging = logging;
    this.random = new SplittableRandom(seed);
    this.store = new BuggyStore(bug, schedule::now, this::publish, this);
    this.trouble = new Trouble(this, random.split());
  }

  // ---- setting up

  void setUp() {
    var _ = store.openEpoch();
    trouble.plan();
    int gatewayCount = 2 + random.nextInt(2);
    int workerCount = 2 + random.nextInt(2);
    for (int i = 0; i < gatewayCount; i++) {
      gateways.add(newGateway());
    }
    for (int i = 0; i < workerCount; i++) {
      workers.add(newWorker());
    }
    int conversations = 2 + random.nextInt(2);
    int turns = 4 + random.nextInt(3);
    for (int i = 0; i < turns; i++) {
      plan("c" + random.nextInt(conversations), i);
    }
    if (trouble.includes(Fault.REDIS_ROLLBACK)) {
      snapshot();
    }
  }

  private void plan(String conversation, int i) {
    Case.Kind kind = KINDS.get(random.nextInt(KINDS.size()));
    long sendAt = WARM_UP_MS + random.nextLong(SENDING_MS);
    boolean cancelled = random.nextInt(10) == 0;
    InboundMessage message = message(conversation, i, kind);
    Case turn =
        new Case(
            message.ref(),
            kind,
            2 + random.nextInt(10),
            random.nextInt(25) == 0,
            random.nextInt(150) == 0,
            cancelled ? sendAt + random.nextLong(1_500) : Long.MAX_VALUE);
    cases.put(turn.ref, turn);
    after(sendAt, () -> deliver(turn, message));
    if (cancelled) {
      after(turn.cancelAtMs, () -> cancel(turn));
    }
  }

  private static InboundMessage message(String conversation, int i, Case.Kind kind) {
    String platform =
        switch (kind) {
          case PAGE -> ReplyAddress.WEB;
          case STREAM -> ReplyAddress.HTTP;
          case FINDABLE -> "findable";
          case BLIND -> "blind";
        };
    TurnRequest request =
        new TurnRequest(
            "t",
            "u",
            Lane.INTERACTIVE,
            new ReplyAddress(platform, ""),
            List.of(ChatMessage.user("question " + i)),
            kind != Case.Kind.STREAM,
            Sampling.greedy(100));
    return new InboundMessage(conversation, "m" + i, request);
  }

  private Actor newActor(String kind) {
    boolean skewed = trouble.includes(Fault.CLOCK_SKEW);
    long skew = skewed ? random.nextLong(-MAX_SKEW_MS, MAX_SKEW_MS) : 0;
    return new Actor(kind + names++, schedule, skew);
  }

  private SimGateway newGateway() {
    return new SimGateway(this, newActor("g"));
  }

  private SimWorker newWorker() {
    boolean other = random.nextInt(12) == 0;
    return new SimWorker(this, newActor("w"), other ? "fp2" : "fp1");
  }

  private void snapshot() {
    snapshots.addLast(store.snapshot());
    if (snapshots.size() > SNAPSHOTS) {
      snapshots.removeFirst();
    }
    after(SNAPSHOT_MS, this::snapshot);
  }

  // ---- users

  private void deliver(Case turn, InboundMessage message) {
    if (turn.accepted || turn.refused) {
      return;
    }
    SimGateway gateway = gateways.get(random.nextInt(gateways.size()));
    boolean repeated = turn.kind != Case.Kind.STREAM && strikes(Fault.DUPLICATE_UPDATE);
    if (repeated) {
      submit(turn, message, gateways.get(random.nextInt(gateways.size())));
    }
    submit(turn, message, gateway);
    after(
        gateway.actor.alive() ? UPDATE_TIMEOUT_MS : 300,
        () -> {
          if (turn.kind == Case.Kind.STREAM && !turn.accepted) {
            // The client gives up; its gateway sees the connection close.
            turn.refused = true;
            gateway.actor.after(latency(), () -> gateway.owner.cancel(turn.ref, outcome -> {}));
          } else {
            deliver(turn, message);
          }
        });
  }

  private void submit(Case turn, InboundMessage message, SimGateway gateway) {
    turn.via = gateway.actor.id;
    turn.ownerDied |= gateway.actor.paused() || !gateway.actor.alive();
    Runnable admit =
        () ->
            gateway.submit(
                turn,
                message,
                reply -> gateway.actor.after(latency(), () -> acknowledge(turn, gateway, reply)));
    gateway.actor.after(
        latency(),
        () -> {
          onScript("update");
          if (bug != Bug.DEDUPE_BEFORE_ADMIT) {
            admit.run();
          } else if (seenUpdates.add(turn.ref)) {
            gateway.actor.after(30, admit);
          } else {
            accept(turn);
          }
        });
  }

  private void acknowledge(Case turn, SimGateway gateway, TurnOwner.Submitted reply) {
    log(() -> "user " + turn.ref + " via " + gateway.actor.id + ": " + reply);
    switch (reply) {
      case TurnOwner.Submitted.Accepted accepted -> accept(turn);
      case TurnOwner.Submitted.Existing existing -> {
        TurnView view = existing.turn();
        if (!turn.accepted && turn.kind == Case.Kind.STREAM && view.state().ended()) {
          turn.ends.add(new Case.Shown(now(), view.end().orElseThrow(), view.text()));
        }
        accept(turn);
      }
      case TurnOwner.Submitted.Full full -> turn.refused = true;
      case TurnOwner.Submitted.Unavailable unavailable -> {}
    }
  }

  private void accept(Case turn) {
    if (!turn.accepted && !turn.refused) {
      turn.accepted = true;
      turn.acceptedMs = now();
    }
  }

  private void cancel(Case turn) {
    SimGateway gateway = gateways.get(random.nextInt(gateways.size()));
    gateway.actor.after(
        latency(),
        () -> {
          turn.cancelled = true;
          gateway.owner.cancel(turn.ref, outcome -> {});
        });
  }

  Optional<ReplyPlatform> platform(Actor caller, ReplyAddress address) {
    return switch (address.platform()) {
      case "findable" -> Optional.of(new SimPlatform(this, caller, true));
      case "blind" -> Optional.of(new SimPlatform(this, caller, false));
      default -> Optional.empty();
    };
  }

  // ---- links

  long now() {
    return schedule.now();
  }

  long latency() {
    return random.nextInt(3);
  }

  long random(long below) {
    return random.nextLong(below);
  }

  BuggyStore store() {
    return store;
  }

  ShareQueueModel queue() {
    return queue;
  }

  Bug bug() {
    return bug;
  }

  Case turn(TurnRef ref) {
    return Optional.ofNullable(cases.get(ref)).orElseThrow();
  }

  void after(long delayMs, Runnable what) {
    schedule.at(now() + delayMs, what);
  }

  void atRedis(Runnable script) {
    schedule.at(Math.max(now() + latency(), redisUntilMs), script);
  }

  void atPlatform(long delayMs, Runnable call) {
    after(delayMs, call);
  }

  boolean brokerDown() {
    return now() < brokerUntilMs;
  }

  boolean strikes(Fault fault) {
    boolean hit = trouble.strikes(fault);
    if (hit) {
      calmMs = Math.max(calmMs, now());
    }
    return hit;
  }

  void onScript(String what) {
    trouble.onScript(what);
  }

  void produce(Actor caller, TurnRef ref, Lane lane, byte[] value, Consumer<ProduceResult> then) {
    boolean unknown = strikes(Fault.PRODUCE_UNKNOWN);
    boolean lost = brokerDown() || (unknown && random.nextBoolean());
    if (!lost) {
      after(
          2,
          () -> {
            long offset = queue.produce(lane, ref.toString(), value, now());
            lastPrompt = Optional.of(value);
            log(() -> caller.id + " produced " + ref + " at " + offset);
            onScript("produce");
          });
    }
    caller.after(
        lost || unknown ? RedisLink.TIMEOUT_MS : 5,
        () -> then.accept(lost || unknown ? ProduceResult.UNKNOWN : ProduceResult.PRODUCED));
  }

  private int publish(String channel, ChannelMessage message) {
    String id = channel.substring(2);
    if (channel.startsWith("w:")) {
      return (int)
          workers.stream()
              .filter(w -> w.actor.alive() && w.actor.id.equals(id))
              .peek(w -> w.actor.after(latency(), () -> w.receive(message)))
              .count();
    }
    for (SimGateway gateway : gateways) {
      if (gateway.actor.id.equals(id) && gateway.actor.alive() && gateway.subscribed()) {
        send(gateway, message);
        return 1;
      }
    }
    return 0;
  }

  private void send(SimGateway gateway, ChannelMessage message) {
    if (strikes(Fault.LOST_MESSAGE)) {
      return;
    }
    if (message instanceof ChannelMessage.Ended && strikes(Fault.LOST_END)) {
      // What an early acceptance would lose: the end is in Redis alone.
      if (random.nextInt(3) == 0) {
        after(60 + random.nextLong(700), () -> trouble.strike(Fault.REDIS_WIPE));
      }
      return;
    }
    long at = Math.max(now() + latency(), lastDelivery.getOrDefault(gateway.actor.id, 0L));
    if (strikes(Fault.REORDERED_MESSAGE)) {
      at += 100;
    } else {
      lastDelivery.put(gateway.actor.id, at);
    }
    int copies = strikes(Fault.DUPLICATE_MESSAGE) ? 2 : 1;
    for (int i = 0; i < copies; i++) {
      gateway.actor.after(at - now() + 40L * i, () -> gateway.receive(message));
    }
  }

  // ---- faults

  boolean apply(Fault fault) {
    calmMs = Math.max(calmMs, now());
    return switch (fault) {
      case WORKER_CRASH -> crashWorker(anyWorker());
      case WORKER_PAUSE -> pauseWorker(500 + random.nextLong(8_000));
      case WORKER_ZOMBIE -> {
        long pause = LOCK_MS + 500 + random.nextLong(3_000);
        if (random.nextInt(4) == 0) {
          // It wakes up into an empty Redis.
          after(pause - random.nextLong(700), () -> trouble.strike(Fault.REDIS_WIPE));
        }
        yield pauseWorker(pause);
      }
      case WORKER_DRAIN -> {
        anyWorker().drain();
        yield true;
      }
      case WORKERS_AWAY -> {
        workersUntilMs = now() + SimGateway.ANSWER_MS + 20_000;
        awayUntilMs = Math.max(awayUntilMs, workersUntilMs);
        List.copyOf(workers).forEach(this::crashWorker);
        yield true;
      }
      case GATEWAY_CRASH -> crashGateway(random.nextInt(gateways.size()));
      case GATEWAY_PAUSE -> pauseGateway(500 + random.nextLong(8_000));
      case REDIS_WIPE -> {
        store.wipe();
        wiped.add(now());
        redisReturns(true);
        yield true;
      }
      case REDIS_ROLLBACK -> {
        if (snapshots.isEmpty()) {
          yield false;
        }
        store.rollBack(snapshots.getFirst());
        redisReturns(true);
        yield true;
      }
      case REDIS_PAUSE -> {
        redisUntilMs = now() + 500 + random.nextLong(9_500);
        calmMs = Math.max(calmMs, redisUntilMs);
        if (redisUntilMs - now() > TurnStore.GATEWAY_LEASE_MS) {
          // Nobody's liveness is left in what a rollback brings back.
          ownersLost.add(redisUntilMs);
        }
        yield true;
      }
      case BROKER_RESTART -> {
        queue.restart(now());
        brokerUntilMs = now() + 500 + random.nextLong(2_000);
        calmMs = Math.max(calmMs, brokerUntilMs);
        yield true;
      }
      case BROKER_AWAY -> {
        queue.restart(now());
        brokerUntilMs = now() + SimGateway.ANSWER_MS + 20_000;
        awayUntilMs = Math.max(awayUntilMs, brokerUntilMs);
        yield true;
      }
      case GIVEN_UP -> giveUp();
      case DUPLICATE_RECORD -> {
        lastPrompt.ifPresent(
            value -> queue.produce(Lane.INTERACTIVE, Wire.decodePrompt(value).key(), value, now()));
        yield lastPrompt.isPresent();
      }
      case STRANDED_RECORD -> {
        workers.get(random.nextInt(workers.size())).strand();
        calmMs = Math.max(calmMs, now() + LOCK_MS);
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

  /// The broker gives up the record of a turn that is still wanted.
  private boolean giveUp() {
    List<TurnView> open =
        store.turns().stream()
            .filter(t -> !t.state().ended() && t.state() != TurnState.WAITING)
            .toList();
    if (open.isEmpty()) {
      if (elapsedMs() < WARM_UP_MS + SENDING_MS) {
        after(GIVE_UP_AGAIN_MS, () -> trouble.strike(Fault.GIVEN_UP));
      }
      return false;
    }
    List<TurnView> queued = open.stream().filter(t -> t.state() != TurnState.RUNNING).toList();
    List<TurnView> from = queued.isEmpty() ? open : queued;
    TurnRef ref = from.get(random.nextInt(from.size())).ref();
    turn(ref).givenUp = true;
    SimGateway reader = gateways.get(random.nextInt(gateways.size()));
    reader.actor.after(latency(), () -> reader.owner.onDeadLetter(ref));
    return true;
  }

  private void redisReturns(boolean memory) {
    if (memory) {
      memoryLost.add(now());
    }
    gateways.stream()
        .filter(g -> g.actor.alive())
        .forEach(g -> g.dropSubscription(50 + random.nextLong(500)));
  }

  boolean crashWorker(SimWorker worker) {
    if (!workers.remove(worker)) {
      return false;
    }
    worker.actor.kill();
    worker.disconnect();
    replaceWorker();
    return true;
  }

  /// A worker that drained has left.
  void workerLeft(SimWorker worker) {
    var _ = crashWorker(worker);
  }

  private void replaceWorker() {
    // Never an empty list: a fresh process takes the place, alive only once it has started.
    SimWorker next = newWorker();
    long startsAt = Math.max(now() + RESTART_MS, workersUntilMs);
    next.actor.pause(startsAt - now());
    calmMs = Math.max(calmMs, now() + RESTART_MS);
    workers.add(next);
  }

  /// Rather one that has something to lose.
  private SimWorker anyWorker() {
    List<SimWorker> busy = workers.stream().filter(w -> !w.idle()).toList();
    List<SimWorker> from = busy.isEmpty() || random.nextInt(4) == 0 ? workers : busy;
    return from.get(random.nextInt(from.size()));
  }

  private boolean pauseWorker(long forMs) {
    anyWorker().actor.pause(forMs);
    calmMs = Math.max(calmMs, now() + Math.max(forMs, LOCK_MS));
    return true;
  }

  private boolean crashGateway(int i) {
    SimGateway gateway = gateways.get(i);
    gateway.actor.kill();
    crashed.put(gateway.actor.id, now());
    loseOwner(gateway);
    SimGateway next = newGateway();
    next.actor.pause(RESTART_MS);
    gateways.set(i, next);
    return true;
  }

  private boolean pauseGateway(long forMs) {
    SimGateway gateway = gateways.get(random.nextInt(gateways.size()));
    gateway.actor.pause(forMs);
    loseOwner(gateway);
    calmMs = Math.max(calmMs, now() + forMs);
    return true;
  }

  private void loseOwner(SimGateway gateway) {
    ownersLost.add(now());
    cases.values().stream()
        .filter(c -> c.via.equals(gateway.actor.id))
        .forEach(c -> c.ownerDied = true);
  }

  // ---- what the store tells

  @Override
  public void onTransition(TurnRef ref, TurnState from, TurnState to) {
    count(from + " -> " + to);
    log(() -> "         " + ref + ": " + from + " -> " + to);
    Case turn = turn(ref);
    TurnView view = store.peek(ref).orElseThrow();
    if (to == TurnState.DONE) {
      turn.finished.add(view.text());
    }
    if (to.closed()) {
      turn.closedBy = turn.closings.isEmpty() ? view.gateway() : turn.closedBy;
      turn.closings.add(new Case.Shown(now(), view.end().orElse(EndReason.CANCELLED), view.text()));
    }
    turn.admittedMs = view.admittedMs();
    turn.firstAdmittedMs = Math.min(turn.firstAdmittedMs, turn.admittedMs);
  }

  @Override
  public void onClaimed(Claim claim) {
    Case turn = turn(claim.ref());
    if (turn.attempts.add(claim.attempt()) && turn.attempts.size() > 1) {
      takenOver = true;
    }
    if (!turn.owner.equals(claim.attempt())) {
      turn.starts++;
    }
    turn.owner = claim.attempt();
    turn.claimedMs = now();
  }

  @Override
  public void onWritten(TurnRef ref, String attempt, String what) {
    Case turn = turn(ref);
    // After a wipe the turn's owner puts back the attempt it knows, which may be the last but one.
    boolean putBack =
        what.equals("append") && memoryLost.stream().anyMatch(at -> at >= turn.claimedMs);
    if (!turn.owner.equals(attempt)
        && !putBack
        && !trouble.happened().containsKey(Fault.REDIS_ROLLBACK)) {
      violation("I3 " + what + " by " + attempt + " of " + ref + ", owned by " + turn.owner);
    }
  }

  // ---- reading it

  void violation(String what) {
    violations.add(what);
    log(() -> "VIOLATION " + what);
  }

  List<String> violations() {
    return violations;
  }

  void count(String what) {
    counts.merge(what, 1L, Long::sum);
  }

  Map<String, Long> counts() {
    return counts;
  }

  Map<Fault, Integer> faults() {
    return trouble.happened();
  }

  boolean happened(Fault fault) {
    return trouble.happened().containsKey(fault);
  }

  boolean takenOver() {
    return takenOver;
  }

  Map<TurnRef, Case> cases() {
    return cases;
  }

  List<SimGateway> gateways() {
    return gateways;
  }

  List<SimWorker> workers() {
    return workers;
  }

  /// When the last fault was over, but for the long absences of [#awayUntilMs].
  long calmMs() {
    return calmMs;
  }

  /// Until when there were no workers or no broker: past the deadlines; 0 when they were there.
  long awayUntilMs() {
    return awayUntilMs;
  }

  /// Times at which Redis lost memory, and at which turns lost their owner.
  List<Long> memoryLost() {
    return memoryLost;
  }

  List<Long> ownersLost() {
    return ownersLost;
  }

  /// Whether Redis was emptied in that time, after this gateway had crashed.
  boolean wipedAfterCrash(String gateway, long fromMs, long toMs) {
    long crashedMs = crashed.getOrDefault(gateway, Long.MAX_VALUE);
    return wiped.stream().anyMatch(at -> at > crashedMs && at > fromMs && at < toMs);
  }

  void log(Supplier<String> line) {
    if (logging) {
      log.add("%8.3f  %s".formatted((now() - START_MS) / 1000.0, line.get()));
    }
  }

  List<String> log() {
    return log;
  }

  void step() {
    schedule.step();
  }

  long elapsedMs() {
    return now() - START_MS;
  }

  /// Whether every message was answered and nothing is left anywhere.
  boolean settled() {
    for (Case turn : cases.values()) {
      if (!turn.accepted && !turn.refused) {
        return false;
      }
    }
    return store.allClosed()
        && queue.waiting(Lane.INTERACTIVE, now()) == 0
        && queue.held(Lane.INTERACTIVE, now()) == 0
        && gateways.stream().allMatch(g -> g.owner.open() == 0)
        && workers.stream().allMatch(SimWorker::idle);
  }
}
