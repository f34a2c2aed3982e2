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
import dev.parley.shared.wire.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// The turn store in memory: the semantics of the Lua scripts in Java, compared with them by a random
/// differential test. Not thread-safe.
public class FakeTurnStore implements TurnStore {

  private final LongSupplier clock;
  private final Publisher publisher;
  private FakeShard data = new FakeShard();

  /// A store without an epoch.
  ///
  /// @param clock the store's time, epoch milliseconds
  /// @param publisher takes channel and message, gives the number of receivers
  public FakeTurnStore(LongSupplier clock, Publisher publisher) {
    this.clock = clock;
    this.publisher = publisher;
  }

  // ---- what a test can do to it

  /// Loses everything, as a Redis restarted without its file.
  public void wipe() {
    data = new FakeShard();
  }

  /// A copy to roll back to.
  public Object snapshot() {
    return data.copy();
  }

  /// Forgets what was written since, as a failover to a lagging replica.
  public void rollBack(Object snapshot) {
    data = ((FakeShard) snapshot).copy();
  }

  /// All of the contents in a canonical order.
  public List<String> dump() {
    expireKeys();
    return data.dump(now());
  }

  /// Every turn that is remembered.
  public List<TurnView> turns() {
    expireKeys();
    return data.turns.values().stream().map(t -> t.view(0)).toList();
  }

  /// Whether no turn is open.
  public boolean allClosed() {
    return data.turns.values().stream().allMatch(t -> t.state.closed());
  }

  /// One turn as it is stored, without what a script checks first.
  public Optional<TurnView> peek(TurnRef ref) {
    return Optional.ofNullable(data.turns.get(ref)).map(t -> t.view(0));
  }

  /// Makes a gateway or worker look dead at once.
  public void dropLiveness(String id) {
    data.gatewayUntil.remove(id);
    data.workerUntil.remove(id);
  }

  // ---- scripts

  @Override
  public long openEpoch() {
    if (data.epochMs == 0) {
      data.epochMs = now();
    }
    return data.epochMs;
  }

  @Override
  public long reopenEpoch() {
    data.epochMs = now();
    return data.epochMs;
  }

  @Override
  public AdmitReply admit(Admission a) {
    if (cold()) {
      return new AdmitReply.Cold();
    }
    FakeTurn known = data.turns.get(a.ref());
    if (known != null) {
      return new AdmitReply.Existing(known.view(Long.MAX_VALUE), gatewayAlive(known.gateway));
    }
    if (young() || now() >= a.validUntilMs()) {
      return new AdmitReply.Wait();
    }
    List<String> queue = data.queue(a.ref().conversation());
    if (queue.size() >= a.maxQueue()) {
      if (a.storeRefusal()) {
        FakeTurn refused = create(a, TurnState.FAILED, now());
        refused.end = Optional.of(EndReason.REFUSED);
        due(refused, now());
      }
      return new AdmitReply.Full();
    }
    FakeTurn turn = enqueue(a);
    return new AdmitReply.Admitted(turn.state, queue.size() - 1, turn.admittedMs, turn.deadlineMs);
  }

  /// Creates a turn at the end of the queue.
  private FakeTurn enqueue(Admission a) {
    List<String> queue = data.queue(a.ref().conversation());
    TurnState state = queue.isEmpty() ? TurnState.READY : TurnState.WAITING;
    FakeTurn turn = create(a, state, admissionMs(a.ref().conversation(), queue));
    queue.add(a.ref().turnId());
    data.newest.put(a.ref().conversation(), a.ref().turnId());
    due(turn, nextCheck(turn));
    return turn;
  }

  /// Now, or just after the last turn in the queue.
  private long admissionMs(String conversation, List<String> queue) {
    FakeTurn last =
        queue.isEmpty() ? null : data.turns.get(new TurnRef(conversation, queue.getLast()));
    return last == null ? now() : Math.max(now(), last.admittedMs + 1);
  }

  private FakeTurn create(Admission a, TurnState state, long at) {
    long deadline = at + a.answerMs();
    FakeTurn turn =
        new FakeTurn(
            a.ref(), state, a.request(), a.gateway(), at, deadline, deadline + a.deliverMs());
    data.turns.put(a.ref(), turn);
    return turn;
  }

  @Override
  public Outcome produced(TurnRef ref) {
    return with(
        ref,
        turn -> {
          if (turn.state != TurnState.READY) {
            return Outcome.LATER;
          }
          become(turn, TurnState.QUEUED);
          due(turn, nextCheck(turn));
          return Outcome.OK;
        });
  }

  @Override
  public ClaimReply claim(Claim claim) {
    if (cold()) {
      return new ClaimReply.Cold();
    }
    FakeTurn turn = data.turns.get(claim.ref());
    if (turn == null) {
      if (young()) {
        return new ClaimReply.Wait();
      }
      if (now() > claim.prompt().deadlineMs()) {
        return new ClaimReply.TooOld();
      }
      turn = fromPrompt(claim);
    }
    if (turn.state.ended()) {
      return new ClaimReply.Ended(turn.state);
    }
    if (now() >= turn.deadlineMs) {
      end(turn, TurnState.EXPIRED, EndReason.EXPIRED, true);
      return new ClaimReply.Ended(turn.state);
    }
    return claimOpen(claim, turn);
  }

  private ClaimReply claimOpen(Claim claim, FakeTurn turn) {
    if (turn.state == TurnState.WAITING) {
      return young() || !claim.secondAsk() ? new ClaimReply.Wait() : new ClaimReply.Drop();
    }
    boolean running = turn.state == TurnState.RUNNING;
    boolean again = running && turn.attempt.equals(claim.attempt());
    if (!again) {
      if (running && rivalLives(claim, turn)) {
        if (!claim.secondAsk()) {
          return new ClaimReply.Wait();
        }
        turn.orphan = true;
        return new ClaimReply.Drop();
      }
      if (turn.starts - turn.yields >= claim.maxCrashes()) {
        end(turn, TurnState.FAILED, EndReason.POISON, true);
        return new ClaimReply.Ended(turn.state);
      }
      start(claim, turn);
    }
    return new ClaimReply.Run(turn.deltas, turn.restarts, turn.starts - turn.yields > 2);
  }

  private boolean rivalLives(Claim claim, FakeTurn turn) {
    boolean own = turn.worker.equals(claim.worker());
    if (!claim.secondAsk()) {
      return own || data.workerUntil.containsKey(turn.worker);
    }
    return own ? claim.atWork().contains(turn.attempt) : atWork(turn);
  }

  private void start(Claim claim, FakeTurn turn) {
    become(turn, TurnState.RUNNING);
    turn.attempt = claim.attempt();
    turn.worker = claim.worker();
    turn.starts++;
    turn.orphan = false;
    turn.goneMs = 0;
    if (!turn.deltas.isEmpty() && !turn.fingerprint.equals(claim.fingerprint())) {
      turn.deltas = new ArrayList<>();
      turn.restarts++;
    }
    turn.fingerprint = claim.fingerprint();
    refreshWorker(claim.worker(), claim.atWork());
    due(turn, nextCheck(turn));
  }

  private FakeTurn fromPrompt(Claim claim) {
    var p = claim.prompt();
    FakeTurn turn =
        new FakeTurn(
            p.ref(),
            TurnState.QUEUED,
            Wire.encode(p.request()),
            p.gateway(),
            p.admittedMs(),
            p.deadlineMs(),
            p.deliverByMs());
    insert(turn);
    return turn;
  }

  /// Puts a record back, its id at its place in the conversation's order.
  private void insert(FakeTurn turn) {
    data.turns.put(turn.ref, turn);
    if (turn.state.closed()) {
      turn.text = "";
      turn.deltas = new ArrayList<>();
      turn.expiresMs = now() + TOMBSTONE_MS;
      return;
    }
    if (turn.end.filter(EndReason.REFUSED::equals).isEmpty()) {
      data.enqueue(turn);
    }
    due(turn, turn.state.ended() ? now() : nextCheck(turn));
  }

  @Override
  public List<AppendReply> appendAll(List<Append> appends) {
    return appends.stream().map(a -> append(a.ref(), a.attempt(), a.deltas())).toList();
  }

  @Override
  public AppendReply append(TurnRef ref, String attempt, List<Delta> deltas) {
    if (cold()) {
      return new AppendReply.Cold();
    }
    FakeTurn turn = data.turns.get(ref);
    if (turn == null) {
      return new AppendReply.Missing();
    }
    if (turn.state.ended()) {
      return new AppendReply.Ended();
    }
    if (turn.state != TurnState.RUNNING || !turn.attempt.equals(attempt)) {
      return new AppendReply.Other();
    }
    long stored = turn.lastDelta();
    if (deltas.getFirst().n() > stored + 1) {
      return new AppendReply.Gap(stored);
    }
    List<Delta> fresh = deltas.stream().filter(d -> d.n() > stored).toList();
    if (!fresh.isEmpty()) {
      turn.deltas.addAll(fresh);
      tellOwner(turn, new ChannelMessage.Deltas(ref, attempt, turn.worker, turn.restarts, fresh));
    }
    return new AppendReply.Ok();
  }

  @Override
  public Outcome restart(TurnRef ref, String attempt) {
    return withAttempt(
        ref,
        attempt,
        turn -> {
          if (!turn.restartedBy.equals(attempt)) {
            turn.restartedBy = attempt;
            turn.deltas = new ArrayList<>();
            turn.restarts++;
          }
          return Outcome.OK;
        });
  }

  @Override
  public Outcome restore(TurnView memory, long livenessAgeMs) {
    if (cold()) {
      return Outcome.COLD;
    }
    if (data.turns.containsKey(memory.ref())) {
      return Outcome.EXISTS;
    }
    if (livenessAgeMs >= WORKER_LEASE_MS) {
      return Outcome.LOST;
    }
    FakeTurn turn = FakeTurn.from(memory);
    turn.state = TurnState.RUNNING;
    insert(turn);
    return Outcome.OK;
  }

  @Override
  public Outcome finish(TurnRef ref, String attempt, String text, EndReason end, Usage usage) {
    return endAttempt(
        ref,
        attempt,
        TurnState.DONE,
        turn -> {
          turn.text = text;
          turn.end = Optional.of(end);
          turn.usage = usage;
        });
  }

  @Override
  public Outcome failAttempt(TurnRef ref, String attempt, EndReason end) {
    return endAttempt(
        ref,
        attempt,
        TurnState.FAILED,
        turn -> {
          turn.text = turn.textSoFar();
          turn.end = Optional.of(end);
        });
  }

  private Outcome endAttempt(TurnRef ref, String attempt, TurnState state, Consumer<FakeTurn> how) {
    return with(
        ref,
        turn -> {
          if (turn.state == state && turn.attempt.equals(attempt)) {
            return Outcome.OK;
          }
          if (turn.state.ended()) {
            return Outcome.ENDED;
          }
          if (turn.state != TurnState.RUNNING || !turn.attempt.equals(attempt)) {
            return Outcome.OTHER;
          }
          how.accept(turn);
          become(turn, state);
          ended(turn, false);
          return Outcome.OK;
        });
  }

  @Override
  public Outcome handOver(TurnRef ref, String attempt) {
    return withAttempt(
        ref,
        attempt,
        turn -> {
          turn.yields++;
          release(turn, turn.orphan ? TurnState.READY : TurnState.QUEUED);
          return Outcome.OK;
        });
  }

  private void release(FakeTurn turn, TurnState state) {
    become(turn, state);
    turn.attempt = "";
    turn.worker = "";
    turn.orphan = false;
    turn.goneMs = 0;
    due(turn, nextCheck(turn));
    if (state == TurnState.READY) {
      tellOwner(turn, new ChannelMessage.Ready(turn.ref));
    }
  }

  @Override
  public Outcome cancel(TurnRef ref) {
    return endAny(ref, TurnState.CANCELLED, EndReason.CANCELLED);
  }

  @Override
  public Outcome expire(TurnRef ref) {
    return with(
        ref,
        turn ->
            !turn.state.ended() && now() < turn.deadlineMs
                ? Outcome.LATER
                : endAny(ref, TurnState.EXPIRED, EndReason.EXPIRED));
  }

  @Override
  public Outcome fail(TurnRef ref, EndReason end) {
    return endAny(ref, TurnState.FAILED, end);
  }

  private Outcome endAny(TurnRef ref, TurnState state, EndReason reason) {
    return with(
        ref,
        turn -> {
          if (turn.state.ended()) {
            return Outcome.ENDED;
          }
          end(turn, state, reason, true);
          return Outcome.OK;
        });
  }

  private void end(FakeTurn turn, TurnState state, EndReason reason, boolean tellWorker) {
    boolean running = turn.state == TurnState.RUNNING;
    turn.text = turn.textSoFar();
    turn.end = Optional.of(reason);
    become(turn, state);
    ended(turn, tellWorker && running);
  }

  private void ended(FakeTurn turn, boolean tellWorker) {
    due(turn, now());
    tellOwner(turn, new ChannelMessage.Ended(turn.ref));
    if (tellWorker) {
      publisher.publish("w:" + turn.worker, new ChannelMessage.Cancel(turn.ref, turn.attempt));
    }
    onEnded(turn.ref);
  }

  /// Hook for the simulation: a turn ended.
  protected void onEnded(TurnRef ref) {}

  /// Hook for the simulation: a state changed.
  protected void onTransition(TurnRef ref, TurnState from, TurnState to) {}

  private void become(FakeTurn turn, TurnState next) {
    TurnState from = turn.state;
    turn.become(next);
    onTransition(turn.ref, from, next);
  }

  @Override
  public Outcome got(TurnRef ref, String gateway) {
    return withOwner(
        ref,
        gateway,
        turn -> {
          if (!turn.state.ended()) {
            return Outcome.LATER;
          }
          turn.got = true;
          return Outcome.OK;
        });
  }

  @Override
  public Outcome placing(TurnRef ref, String gateway, int part) {
    return withOwner(
        ref,
        gateway,
        turn -> {
          turn.placing = part + 1;
          return Outcome.OK;
        });
  }

  @Override
  public Outcome placed(TurnRef ref, String gateway, int part, String messageId) {
    return withOwner(
        ref,
        gateway,
        turn -> {
          turn.placing = 0;
          while (turn.parts.size() <= part) {
            turn.parts.add("");
          }
          turn.parts.set(part, messageId);
          return Outcome.OK;
        });
  }

  @Override
  public Outcome delivered(
      TurnRef ref, String gateway, EndReason end, boolean visible, HistoryEntry history) {
    return withOwner(
        ref,
        gateway,
        turn -> {
          if (turn.state.closed()) {
            return Outcome.OK;
          }
          if (!turn.state.ended() || !turn.end.equals(Optional.of(end))) {
            return Outcome.LATER;
          }
          data.remember(ref.conversation(), history, now());
          close(turn, visible ? TurnState.DELIVERED : TurnState.UNDELIVERABLE);
          return Outcome.OK;
        });
  }

  private void close(FakeTurn turn, TurnState state) {
    become(turn, state);
    turn.deltas = new ArrayList<>();
    turn.text = "";
    turn.expiresMs = now() + TOMBSTONE_MS;
    data.due.remove(turn.ref);
    data.queue(turn.ref.conversation()).remove(turn.ref.turnId());
    releaseNext(turn.ref.conversation());
  }

  /// The conversation's head goes READY, if it waits.
  protected final void releaseNext(String conversation) {
    FakeTurn head = data.openHead(conversation);
    if (head != null && head.state == TurnState.WAITING && !young()) {
      become(head, TurnState.READY);
      due(head, nextCheck(head));
      tellOwner(head, new ChannelMessage.Ready(head.ref));
    }
  }

  /// The turn after the head goes READY: for a planted bug.
  protected final void releaseSecond(String conversation) {
    List<String> queue = data.queue(conversation);
    if (queue.size() > 1) {
      FakeTurn second = data.turns.get(new TurnRef(conversation, queue.get(1)));
      if (second != null && second.state == TurnState.WAITING) {
        become(second, TurnState.READY);
        tellOwner(second, new ChannelMessage.Ready(second.ref));
      }
    }
  }

  @Override
  public Outcome adopt(TurnRef ref, String observed, String gateway, long beat) {
    return with(
        ref,
        turn -> {
          if (young()
              || turn.state.closed()
              || !turn.gateway.equals(observed)
              || gatewayAlive(observed)
              || data.lastBeat(gateway) != beat) {
            return Outcome.LOST;
          }
          turn.gateway = gateway;
          turn.adoptions++;
          due(turn, turn.state.ended() ? now() : nextCheck(turn));
          return Outcome.OK;
        });
  }

  @Override
  public Outcome assertTurn(TurnView memory) {
    if (cold()) {
      return Outcome.COLD;
    }
    FakeTurn stored = data.turns.get(memory.ref());
    if (stored == null) {
      insert(FakeTurn.from(memory));
      return Outcome.OK;
    }
    boolean owners =
        memory.adoptions() > stored.adoptions
            || (memory.adoptions() == stored.adoptions && memory.gateway().equals(stored.gateway));
    if (!owners || stored.state.closed()) {
      return Outcome.EXISTS;
    }
    renewOwner(stored, memory);
    if (memory.state().ended()) {
      stored.end = memory.end();
      stored.text = memory.text();
      stored.usage = memory.usage();
      stored.got |= memory.got();
      TurnState from = stored.state;
      stored.state = memory.end().map(TurnState::of).orElse(memory.state());
      if (stored.state != from) {
        onTransition(stored.ref, from, stored.state);
      }
      due(stored, now());
    }
    if (memory.state().closed()) {
      close(stored, memory.state());
    }
    return Outcome.OK;
  }

  private static void renewOwner(FakeTurn stored, TurnView memory) {
    stored.gateway = memory.gateway();
    stored.adoptions = memory.adoptions();
    stored.placing = Math.max(stored.placing, memory.placing());
    if (memory.parts().size() >= stored.parts.size()) {
      stored.parts = new ArrayList<>(memory.parts());
    }
  }

  @Override
  public Outcome promote(TurnRef ref) {
    return with(
        ref,
        turn -> {
          FakeTurn head = data.openHead(ref.conversation());
          if (turn.state != TurnState.WAITING || young() || head != turn) {
            return Outcome.LATER;
          }
          releaseNext(ref.conversation());
          return Outcome.OK;
        });
  }

  @Override
  public Outcome requeue(TurnRef ref, long lostAfterMs) {
    return with(
        ref,
        turn -> {
          if (turn.state != TurnState.RUNNING) {
            return Outcome.LATER;
          }
          if (atWork(turn)) {
            turn.goneMs = 0;
            return Outcome.LATER;
          }
          if (turn.goneMs == 0) {
            turn.goneMs = now();
          }
          if (!turn.orphan && now() - turn.goneMs < lostAfterMs) {
            return Outcome.LATER;
          }
          release(turn, TurnState.READY);
          return Outcome.OK;
        });
  }

  @Override
  public Outcome replace(TurnRef old, Admission successor) {
    return with(
        old,
        turn -> {
          if (data.turns.containsKey(successor.ref())) {
            return Outcome.EXISTS;
          }
          if (!data.newest.getOrDefault(old.conversation(), "").equals(old.turnId())) {
            return Outcome.LOST;
          }
          if (!turn.state.ended()) {
            end(turn, TurnState.CANCELLED, EndReason.CANCELLED, true);
          }
          data.forget(old);
          if (!turn.state.closed()) {
            close(turn, TurnState.DELIVERED);
          }
          FakeTurn next = enqueue(successor);
          next.parts = new ArrayList<>(turn.parts);
          return Outcome.OK;
        });
  }

  @Override
  public List<ViewReply> viewAll(List<View> views) {
    return views.stream().map(v -> view(v.ref(), v.afterDelta())).toList();
  }

  @Override
  public ViewReply view(TurnRef ref, long afterDelta) {
    if (cold()) {
      return new ViewReply.Cold();
    }
    FakeTurn turn = data.turns.get(ref);
    return turn == null
        ? new ViewReply.Missing()
        : new ViewReply.Found(turn.view(afterDelta), turn.lastDelta(), atWork(turn));
  }

  @Override
  public List<DueTurn> sweep(int limit) {
    if (cold() || young()) {
      return List.of();
    }
    List<DueTurn> found = new ArrayList<>();
    for (TurnRef ref : data.dueBefore(now(), limit)) {
      FakeTurn turn = data.turns.get(ref);
      if (turn == null || turn.state.closed()) {
        data.due.remove(ref);
      } else if (gatewayAlive(turn.gateway)) {
        due(turn, data.gatewayUntil.getOrDefault(turn.gateway, 0L));
      } else {
        found.add(new DueTurn(ref, turn.gateway));
      }
    }
    return found;
  }

  @Override
  public List<String> history(String conversation) {
    expireKeys();
    return List.copyOf(data.history.getOrDefault(conversation, List.of()));
  }

  @Override
  public void clearHistory(String conversation) {
    data.history.remove(conversation);
  }

  @Override
  public Beat beatGateway(String gateway, long counter) {
    expireKeys();
    long previous = data.lastBeat(gateway);
    data.gatewayUntil.put(gateway, now() + GATEWAY_LEASE_MS);
    data.gatewayCounter.put(gateway, counter);
    return new Beat(data.epochMs, previous, now());
  }

  @Override
  public Beat beatWorker(String worker, String load, List<String> atWork) {
    expireKeys();
    refreshWorker(worker, atWork);
    data.load.put(worker, load);
    return new Beat(data.epochMs, -1, now());
  }

  @Override
  public Map<String, String> workers() {
    expireKeys();
    data.load.keySet().retainAll(data.workerUntil.keySet());
    return new TreeMap<>(data.load);
  }

  // ---- parts of scripts

  /// Whether a gateway's liveness key is there; a planted bug overrides it.
  protected boolean gatewayAlive(String gateway) {
    return data.gatewayUntil.getOrDefault(gateway, 0L) > now();
  }

  private boolean atWork(FakeTurn turn) {
    return data.workerUntil.containsKey(turn.worker)
        && data.workerAtWork.getOrDefault(turn.worker, List.of()).contains(turn.attempt);
  }

  private void refreshWorker(String worker, List<String> atWork) {
    data.workerUntil.put(worker, now() + WORKER_LEASE_MS);
    data.workerAtWork.put(worker, List.copyOf(atWork));
  }

  private interface Script {
    Outcome run(FakeTurn turn);
  }

  private Outcome with(TurnRef ref, Script script) {
    if (cold()) {
      return Outcome.COLD;
    }
    FakeTurn turn = data.turns.get(ref);
    return turn == null ? Outcome.MISSING : script.run(turn);
  }

  private Outcome withOwner(TurnRef ref, String gateway, Script script) {
    return with(ref, turn -> turn.gateway.equals(gateway) ? script.run(turn) : Outcome.NOT_OWNER);
  }

  private Outcome withAttempt(TurnRef ref, String attempt, Script script) {
    return with(
        ref,
        turn -> {
          if (turn.state.ended()) {
            return Outcome.ENDED;
          }
          return turn.state == TurnState.RUNNING && turn.attempt.equals(attempt)
              ? script.run(turn)
              : Outcome.OTHER;
        });
  }

  private void tellOwner(FakeTurn turn, ChannelMessage message) {
    if (publisher.publish("g:" + turn.gateway, message) == 0) {
      due(turn, now());
    }
  }

  private void due(FakeTurn turn, long atMs) {
    data.due.put(turn.ref, atMs);
  }

  private long nextCheck(FakeTurn turn) {
    return turn.state == TurnState.READY
        ? now() + DISPATCH_MS
        : Math.min(turn.deadlineMs, now() + CHECK_MS);
  }

  private boolean cold() {
    expireKeys();
    return data.epochMs == 0;
  }

  private boolean young() {
    return now() - data.epochMs < REBUILD_MS;
  }

  private void expireKeys() {
    data.expire(now());
  }

  private long now() {
    return clock.getAsLong();
  }
}
