package dev.parley.simulation;

import dev.parley.shared.testing.ShareQueueModel;
import dev.parley.shared.turn.Claim;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnState;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Everything of one run, and what is written down about it: users, network, gateways and workers, Redis, queue, and
/// what goes wrong.
final class World implements BuggyStore.Listener {

  static final TurnRef NO_TURN = new TurnRef("-", "-");

  /// The lock of a record in the queue, ms.
  static final long LOCK_MS = 15_000;

  private static final long START_MS = 1_000_000;

  private final boolean previews;
  private final Bug bug;
  private final boolean logging;
  private final SplittableRandom random;
  private final Schedule schedule = new Schedule(START_MS);
  private final ShareQueueModel queue =
      new ShareQueueModel(new ShareQueueModel.Limits(LOCK_MS, 10, 10_000));
  private final Losses losses = new Losses();
  private final Network network;
  private final BuggyStore store;
  private final Fleet fleet;
  private final FaultInjector injector;
  private final Trouble trouble;
  private final Users users;
  private final Wishes wishes;
  private final Map<TurnRef, Case> cases = new TreeMap<>();
  private final Map<String, Long> counts = new TreeMap<>();
  private final List<String> log = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();
  private boolean takenOver;

  World(long seed, Bug bug, boolean logging) {
    this.previews = seed % 2 == 0;
    this.bug = bug;
    this.logging = logging;
    this.random = new SplittableRandom(seed);
    this.network = new Network(this, random);
    this.store = new BuggyStore(bug, schedule::now, network::publish, this);
    this.fleet = new Fleet(this, schedule, random);
    this.injector = new FaultInjector(this, random);
    this.trouble = new Trouble(this, injector, random.split());
    this.users = new Users(this, random);
    this.wishes = new Wishes(this, random.split());
  }

  void setUp() {
    var _ = store.openEpoch();
    trouble.plan();
    fleet.start();
    users.plan();
    if (trouble.includes(Fault.REDIS_ROLLBACK)) {
      injector.snapshot();
    }
  }

  // ---- what it is made of

  Network network() {
    return network;
  }

  BuggyStore store() {
    return store;
  }

  ShareQueueModel queue() {
    return queue;
  }

  Fleet fleet() {
    return fleet;
  }

  Trouble trouble() {
    return trouble;
  }

  Wishes wishes() {
    return wishes;
  }

  /// Whether answers are previewed while they grow.
  boolean hasPreviews() {
    return previews;
  }

  Bug bug() {
    return bug;
  }

  Map<TurnRef, Case> cases() {
    return cases;
  }

  Case turn(TurnRef ref) {
    return Optional.ofNullable(cases.get(ref)).orElseThrow();
  }

  // ---- time and chance

  long now() {
    return schedule.now();
  }

  long random(long below) {
    return random.nextLong(below);
  }

  void after(long delayMs, Runnable what) {
    schedule.at(now() + delayMs, what);
  }

  void step() {
    schedule.step();
  }

  long elapsedMs() {
    return now() - START_MS;
  }

  // ---- what goes wrong

  boolean strikes(Fault fault) {
    boolean hit = trouble.strikes(fault);
    if (hit) {
      losses.troubledUntil(now());
    }
    return hit;
  }

  /// A script, poll, send or the like has just run.
  void onScript(String what) {
    trouble.onScript(what);
  }

  /// A gateway does not live any more, or is paused.
  void loseOwner(SimGateway gateway) {
    losses.lostOwner(now());
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
        what.equals("append") && losses.memory().stream().anyMatch(at -> at >= turn.claimedMs);
    if (!turn.owner.equals(attempt) && !putBack && !happened(Fault.REDIS_ROLLBACK)) {
      violation("I3 " + what + " by " + attempt + " of " + ref + ", owned by " + turn.owner);
    }
  }

  @Override
  public void onReplaced(TurnRef old, TurnState was, TurnRef by) {
    count("replaced");
    if (!was.closed()) {
      count("replaced while open");
    }
    turn(old).retiredMs = OptionalLong.of(now());
    turn(by).old = Optional.of(old);
    turn(by).acceptedMs = Math.max(turn(by).acceptedMs, now());
  }

  @Override
  public void onRetracted(TurnRef ref) {
    count("retracted");
    turn(ref).retiredMs = OptionalLong.of(now());
    turn(ref).retracted = true;
  }

  /// Redis was rolled back: what was taken back lately, and nobody was told so, may not be any more.
  void onRolledBack() {
    cases.values().forEach(turn -> turn.retracted &= turn.takenBack);
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

  Losses losses() {
    return losses;
  }

  void log(Supplier<String> line) {
    if (logging) {
      log.add("%8.3f  %s".formatted((now() - START_MS) / 1000.0, line.get()));
    }
  }

  List<String> log() {
    return log;
  }

  /// Whether every message was answered and nothing is left anywhere.
  boolean settled() {
    for (Case turn : cases.values()) {
      if (!turn.accepted && !turn.refused) {
        return false;
      }
    }
    return wishes.open() == 0
        && store.allClosed()
        && queue.waiting(Lane.INTERACTIVE, now()) == 0
        && queue.held(Lane.INTERACTIVE, now()) == 0
        && fleet.gateways().stream().allMatch(g -> g.owner.open() == 0)
        && fleet.workers().stream().allMatch(SimWorker::idle);
  }
}
