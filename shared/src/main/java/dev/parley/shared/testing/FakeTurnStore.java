package dev.parley.shared.testing;

import dev.parley.shared.turn.Admission;
import dev.parley.shared.turn.AdmitReply;
import dev.parley.shared.turn.AppendReply;
import dev.parley.shared.turn.Beat;
import dev.parley.shared.turn.Claim;
import dev.parley.shared.turn.ClaimReply;
import dev.parley.shared.turn.DueTurn;
import dev.parley.shared.turn.HistoryEntry;
import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnState;
import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.turn.ViewReply;
import dev.parley.shared.wire.ChannelMessage;
import dev.parley.shared.wire.Delta;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/// The turn store in memory: the semantics of the Lua scripts in Java, compared with them by a random
/// differential test. [FakeShard] holds what one Redis holds; the scripts are in parts by who runs them.
/// Not thread-safe.
public class FakeTurnStore implements TurnStore {
  private final FakeScripts scripts;
  private final FakeOwnerScripts ownerScripts;
  private final FakeWorkerScripts workerScripts;

  /// A store without an epoch.
  ///
  /// @param clock the store's time, epoch milliseconds
  /// @param publisher takes channel and message, gives the number of receivers
  @SuppressWarnings("this-escape") // the parts only keep it: no script runs before it is complete
  public FakeTurnStore(LongSupplier clock, Publisher publisher) {
    this.scripts = new FakeScripts(this, clock, publisher);
    this.ownerScripts = new FakeOwnerScripts(scripts);
    this.workerScripts = new FakeWorkerScripts(scripts);
  }

  // ---- what a test can do to it

  /// Loses everything, as a Redis restarted without its file.
  public void wipe() {
    scripts.replaceData(new FakeShard());
  }

  /// A copy to roll back to.
  public Object snapshot() {
    return scripts.data().copy();
  }

  /// Forgets what was written since, as a failover to a lagging replica.
  public void rollBack(Object snapshot) {
    scripts.replaceData(((FakeShard) snapshot).copy());
  }

  /// All of the contents in a canonical order.
  public List<String> dump() {
    scripts.expireKeys();
    return scripts.data().dump(scripts.now());
  }

  /// Every turn that is remembered.
  public List<TurnView> turns() {
    scripts.expireKeys();
    return scripts.data().turns.values().stream().map(t -> t.view(0)).toList();
  }

  /// Whether no turn is open.
  public boolean allClosed() {
    return scripts.data().turns.values().stream().allMatch(t -> t.state.closed());
  }

  /// One turn as it is stored, without what a script checks first.
  public Optional<TurnView> peek(TurnRef ref) {
    return Optional.ofNullable(scripts.data().turns.get(ref)).map(t -> t.view(0));
  }

  /// Makes a gateway or worker look dead at once.
  public void dropLiveness(String id) {
    scripts.data().gatewayUntil.remove(id);
    scripts.data().workerUntil.remove(id);
  }

  // ---- what a planted bug can do to it

  /// Whether a gateway's liveness key is there; a planted bug overrides it.
  protected boolean gatewayAlive(String gateway) {
    return scripts.data().gatewayUntil.getOrDefault(gateway, 0L) > scripts.now();
  }

  /// Whether a message of a turn is on its way; a planted bug overrides it.
  protected boolean sending(TurnView turn) {
    return turn.sending();
  }

  /// Ids of messages that a turn hands over to the one in its place; a planted bug overrides it.
  protected List<String> handedOver(List<String> parts) {
    return parts;
  }

  /// Hook for the simulation: a turn ended.
  protected void onEnded(TurnRef ref) {}

  /// Hook for the simulation: a state changed.
  protected void onTransition(TurnRef ref, TurnState from, TurnState to) {}

  /// The turn after the head goes READY: for a planted bug.
  protected final void releaseSecond(String conversation) {
    List<String> queue = scripts.data().queue(conversation);
    if (queue.size() > 1) {
      FakeTurn second = scripts.data().turns.get(new TurnRef(conversation, queue.get(1)));
      if (second != null && second.state == TurnState.WAITING) {
        scripts.become(second, TurnState.READY);
        scripts.tellOwner(second, new ChannelMessage.Ready(second.ref));
      }
    }
  }

  // ---- epochs and liveness

  @Override
  public long openEpoch() {
    if (scripts.data().epochMs == 0) {
      scripts.data().epochMs = scripts.now();
    }
    return scripts.data().epochMs;
  }

  @Override
  public long reopenEpoch() {
    scripts.data().epochMs = scripts.now();
    return scripts.data().epochMs;
  }

  @Override
  public Beat beatGateway(String gateway, long counter) {
    scripts.expireKeys();
    long previous = scripts.data().lastBeat(gateway);
    scripts.data().gatewayUntil.put(gateway, scripts.now() + GATEWAY_LEASE_MS);
    scripts.data().gatewayCounter.put(gateway, counter);
    return new Beat(scripts.data().epochMs, previous, scripts.now());
  }

  @Override
  public Beat beatWorker(String worker, String load, List<String> atWork) {
    scripts.expireKeys();
    scripts.refreshWorker(worker, atWork);
    scripts.data().load.put(worker, load);
    return new Beat(scripts.data().epochMs, -1, scripts.now());
  }

  @Override
  public Map<String, String> workers() {
    scripts.expireKeys();
    scripts.data().load.keySet().retainAll(scripts.data().workerUntil.keySet());
    return new TreeMap<>(scripts.data().load);
  }

  // ---- what an owner does

  @Override
  public AdmitReply admit(Admission a) {
    return ownerScripts.admit(a);
  }

  @Override
  public Outcome produced(TurnRef ref) {
    return ownerScripts.produced(ref);
  }

  @Override
  public Outcome cancel(TurnRef ref) {
    return ownerScripts.cancel(ref);
  }

  @Override
  public Outcome expire(TurnRef ref) {
    return ownerScripts.expire(ref);
  }

  @Override
  public Outcome fail(TurnRef ref, EndReason end) {
    return ownerScripts.fail(ref, end);
  }

  @Override
  public Outcome got(TurnRef ref, String gateway) {
    return ownerScripts.got(ref, gateway);
  }

  @Override
  public Outcome placing(TurnRef ref, String gateway, int part) {
    return ownerScripts.placing(ref, gateway, part);
  }

  @Override
  public Outcome placed(TurnRef ref, String gateway, int part, String messageId) {
    return ownerScripts.placed(ref, gateway, part, messageId);
  }

  @Override
  public Outcome delivered(
      TurnRef ref, String gateway, EndReason end, boolean visible, HistoryEntry history) {
    return ownerScripts.delivered(ref, gateway, end, visible, history);
  }

  @Override
  public Outcome adopt(TurnRef ref, String observed, String gateway, long beat) {
    return ownerScripts.adopt(ref, observed, gateway, beat);
  }

  @Override
  public Outcome assertTurn(TurnView memory) {
    return ownerScripts.assertTurn(memory);
  }

  @Override
  public Outcome promote(TurnRef ref) {
    return ownerScripts.promote(ref);
  }

  @Override
  public Outcome requeue(TurnRef ref, long lostAfterMs) {
    return ownerScripts.requeue(ref, lostAfterMs);
  }

  @Override
  public Outcome retract(TurnRef ref) {
    return ownerScripts.retract(ref);
  }

  @Override
  public Outcome replace(TurnRef old, Admission successor) {
    return ownerScripts.replace(old, successor);
  }

  // ---- what a worker does

  @Override
  public ClaimReply claim(Claim claim) {
    return workerScripts.claim(claim);
  }

  @Override
  public AppendReply append(TurnRef ref, String attempt, List<Delta> deltas) {
    return workerScripts.append(ref, attempt, deltas);
  }

  @Override
  public List<AppendReply> appendAll(List<Append> appends) {
    return appends.stream().map(a -> append(a.ref(), a.attempt(), a.deltas())).toList();
  }

  @Override
  public Outcome restart(TurnRef ref, String attempt, long restarts) {
    return workerScripts.restart(ref, attempt, restarts);
  }

  @Override
  public Outcome restore(TurnView memory, long livenessAgeMs) {
    return workerScripts.restore(memory, livenessAgeMs);
  }

  @Override
  public Outcome finish(TurnRef ref, String attempt, String text, EndReason end, Usage usage) {
    return workerScripts.finish(ref, attempt, text, end, usage);
  }

  @Override
  public Outcome failAttempt(TurnRef ref, String attempt, EndReason end) {
    return workerScripts.failAttempt(ref, attempt, end);
  }

  @Override
  public Outcome handOver(TurnRef ref, String attempt) {
    return workerScripts.handOver(ref, attempt);
  }

  // ---- what anybody reads

  @Override
  public ViewReply view(TurnRef ref, long afterDelta) {
    if (scripts.cold()) {
      return new ViewReply.Cold();
    }
    FakeTurn turn = scripts.data().turns.get(ref);
    return turn == null
        ? new ViewReply.Missing()
        : new ViewReply.Found(turn.view(afterDelta), turn.lastDelta(), scripts.atWork(turn));
  }

  @Override
  public List<ViewReply> viewAll(List<View> views) {
    return views.stream().map(v -> view(v.ref(), v.afterDelta())).toList();
  }

  @Override
  public List<DueTurn> sweep(int limit) {
    if (scripts.cold() || scripts.young()) {
      return List.of();
    }
    List<DueTurn> found = new ArrayList<>();
    for (TurnRef ref : scripts.data().dueBefore(scripts.now(), limit)) {
      FakeTurn turn = scripts.data().turns.get(ref);
      if (turn == null || turn.state.closed()) {
        scripts.data().due.remove(ref);
      } else if (scripts.gatewayAlive(turn.gateway)) {
        scripts.due(turn, scripts.data().gatewayUntil.getOrDefault(turn.gateway, 0L));
      } else {
        found.add(new DueTurn(ref, turn.gateway));
      }
    }
    return found;
  }

  @Override
  public Optional<TurnRef> newest(String conversation) {
    scripts.expireKeys();
    return Optional.ofNullable(scripts.data().newest.get(conversation))
        .map(id -> new TurnRef(conversation, id));
  }

  @Override
  public List<TurnRef> queue(String conversation) {
    scripts.expireKeys();
    return scripts.data().queues.getOrDefault(conversation, List.of()).stream()
        .map(id -> new TurnRef(conversation, id))
        .toList();
  }

  @Override
  public List<String> history(String conversation) {
    scripts.expireKeys();
    return List.copyOf(scripts.data().history.getOrDefault(conversation, List.of()));
  }

  @Override
  public void forget(String conversation) {
    scripts.data().history.remove(conversation);
    scripts.data().forgotten.put(conversation, scripts.now());
  }
}
