package dev.parley.shared.testing;

import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnState;
import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.wire.ChannelMessage;
import dev.parley.shared.wire.EndReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/// What the scripts of [FakeTurnStore] share, as those in Redis share `prelude.lua` and `turns.lua`.
final class FakeScripts {
  private final FakeTurnStore store;
  private final LongSupplier clock;
  private final Publisher publisher;
  private FakeShard data = new FakeShard();

  FakeScripts(FakeTurnStore store, LongSupplier clock, Publisher publisher) {
    this.store = store;
    this.clock = clock;
    this.publisher = publisher;
  }

  FakeShard data() {
    return data;
  }

  void replaceData(FakeShard other) {
    data = other;
  }

  /// What is done to a turn that is there.
  interface Script {
    Outcome run(FakeTurn turn);
  }

  // ---- whose turn it is

  Outcome with(TurnRef ref, Script script) {
    if (cold()) {
      return Outcome.COLD;
    }
    FakeTurn turn = data.turns.get(ref);
    return turn == null ? Outcome.MISSING : script.run(turn);
  }

  Outcome withOwner(TurnRef ref, String gateway, Script script) {
    return with(ref, turn -> turn.gateway.equals(gateway) ? script.run(turn) : Outcome.NOT_OWNER);
  }

  Outcome withAttempt(TurnRef ref, String attempt, Script script) {
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

  // ---- what is done to it

  /// Puts a record back, its id at its place in the conversation's order.
  void insert(FakeTurn turn) {
    data.turns.put(turn.ref, turn);
    if (turn.state.closed()) {
      turn.text = "";
      turn.deltas = new ArrayList<>();
      turn.expiresMs = now() + TurnStore.TOMBSTONE_MS;
      return;
    }
    if (turn.end.filter(EndReason.REFUSED::equals).isEmpty()) {
      data.enqueue(turn);
    }
    due(turn, turn.state.ended() ? now() : nextCheck(turn));
  }

  void become(FakeTurn turn, TurnState next) {
    TurnState from = turn.state;
    turn.become(next);
    store.onTransition(turn.ref, from, next);
  }

  /// The owner's word: whether or not an arrow leads there.
  void assertState(FakeTurn turn, TurnState next) {
    TurnState from = turn.state;
    turn.state = next;
    if (next != from) {
      store.onTransition(turn.ref, from, next);
    }
  }

  void end(FakeTurn turn, TurnState state, EndReason reason, boolean tellWorker) {
    boolean running = turn.state == TurnState.RUNNING;
    turn.text = turn.textSoFar();
    turn.end = Optional.of(reason);
    become(turn, state);
    ended(turn, tellWorker && running);
  }

  void ended(FakeTurn turn, boolean tellWorker) {
    due(turn, now());
    tellOwner(turn, new ChannelMessage.Ended(turn.ref));
    if (tellWorker) {
      publisher.publish("w:" + turn.worker, new ChannelMessage.Cancel(turn.ref, turn.attempt));
    }
    store.onEnded(turn.ref);
  }

  void release(FakeTurn turn, TurnState state) {
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

  /// The conversation's head goes READY, if it waits.
  void releaseNext(String conversation) {
    FakeTurn head = data.openHead(conversation);
    if (head != null && head.state == TurnState.WAITING && !young()) {
      become(head, TurnState.READY);
      due(head, nextCheck(head));
      tellOwner(head, new ChannelMessage.Ready(head.ref));
    }
  }

  void close(FakeTurn turn, TurnState state) {
    become(turn, state);
    turn.deltas = new ArrayList<>();
    turn.text = "";
    turn.expiresMs = now() + TurnStore.TOMBSTONE_MS;
    data.due.remove(turn.ref);
    data.queue(turn.ref.conversation()).remove(turn.ref.turnId());
    releaseNext(turn.ref.conversation());
  }

  void tellOwner(FakeTurn turn, ChannelMessage message) {
    if (publisher.publish("g:" + turn.gateway, message) == 0) {
      due(turn, now());
    }
  }

  void due(FakeTurn turn, long atMs) {
    data.due.put(turn.ref, atMs);
  }

  long nextCheck(FakeTurn turn) {
    return turn.state == TurnState.READY
        ? now() + TurnStore.DISPATCH_MS
        : Math.min(turn.deadlineMs, now() + TurnStore.CHECK_MS);
  }

  // ---- liveness and time

  /// Whether a gateway's liveness key is there.
  boolean gatewayAlive(String gateway) {
    return store.gatewayAlive(gateway);
  }

  boolean sending(FakeTurn turn) {
    return !turn.state.closed() && store.sending(turn.view(Long.MAX_VALUE));
  }

  List<String> handedOver(FakeTurn turn) {
    return new ArrayList<>(store.handedOver(turn.parts));
  }

  boolean atWork(FakeTurn turn) {
    return data.workerUntil.containsKey(turn.worker)
        && data.workerAtWork.getOrDefault(turn.worker, List.of()).contains(turn.attempt);
  }

  void refreshWorker(String worker, List<String> atWork) {
    data.workerUntil.put(worker, now() + TurnStore.WORKER_LEASE_MS);
    data.workerAtWork.put(worker, List.copyOf(atWork));
  }

  boolean cold() {
    expireKeys();
    return data.epochMs == 0;
  }

  boolean young() {
    return now() - data.epochMs < TurnStore.REBUILD_MS;
  }

  void expireKeys() {
    data.expire(now());
  }

  long now() {
    return clock.getAsLong();
  }
}
