package dev.parley.gateway.turn;

import dev.parley.gateway.chat.TurnEvent;
import dev.parley.gateway.reply.ReplyContent;
import dev.parley.gateway.reply.ReplyParts;
import dev.parley.gateway.reply.ReplyPlatform;
import dev.parley.gateway.reply.VisibleReply;
import dev.parley.shared.turn.HistoryEntry;
import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.ScriptCalls;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnState;
import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.turn.ViewReply;
import dev.parley.shared.wire.ChannelMessage;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.TurnRequest;
import dev.parley.shared.wire.Wire;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// One admitted turn in the hands of its owner, from READY or WAITING to closed.
///
/// Whatever arrives (a delta, a doorbell, a reply, the time) only changes what is known; [#step] then
/// makes the one call that is most wanted, at most one at a time, and repeats it while its outcome is
/// unknown:
///
/// ```
/// not ended:  put back (assert) > read what changed > cancel > expire > dispatch > read again
/// ended:      put back (assert) > got > final text shown > delivered > closed
/// ```
///
/// [TurnSync] reads and puts back, [TurnDispatch] dispatches. Not thread-safe.
final class OwnedTurn implements VisibleReply.Turn {

  /// Who is told about the fate of the turn itself.
  interface Owner {
    GatewayLease lease();

    /// Another gateway owns it now.
    void lost(OwnedTurn turn);

    void closed(OwnedTurn turn);

    /// Redis knows less than this gateway: it was emptied or rolled back.
    void suspect();

    /// Whether this gateway still owns an earlier turn of the same conversation. The store releases
    /// turns in order; this holds also while it has forgotten some.
    boolean comesLater(OwnedTurn turn);

    /// Turns of this gateway, of any conversation, that wait longer than this one for a worker.
    int ahead(TurnRef ref);

    /// How fast workers begin answers.
    QueuePace pace();
  }

  /// Between two looks at the queue for a reader, ms; the first comes when most answers have begun.
  private static final long QUEUE_LOOK_MS = 5_000;

  private static final long FIRST_QUEUE_LOOK_MS = 1_500;

  private final TurnPorts ports;
  private final Owner owner;
  private final TurnMemory memory;
  private final TurnRequest request;
  private final Watchers watchers = new Watchers();
  private final ScriptCalls scripts;
  private final TurnSync sync;
  private final TurnDispatch dispatch;
  private final Optional<VisibleReply<?>> reply;

  /// Closed, or another gateway's by now.
  private boolean over;

  private boolean cancelAsked;

  /// Whether nothing more may be shown for the time being.
  private boolean held;

  /// When the reader's place in the queue is looked at next.
  private long queueAtMs;

  private int before;
  private int waitS;

  private OwnedTurn(
      TurnPorts ports, Owner owner, TurnMemory memory, boolean adopted, int confirmedIn) {
    this.ports = ports;
    this.owner = owner;
    this.memory = memory;
    this.request = Wire.decodeRequest(memory.request);
    this.scripts =
        new ScriptCalls(
            ports.store(),
            memory.ref,
            ports::now,
            ports.limits().retryMs(),
            ports.limits().retryMaxMs(),
            this::step);
    this.sync = new TurnSync(this, ports, owner, memory, watchers, confirmedIn);
    this.dispatch = new TurnDispatch(this, ports, memory, sync, request);
    this.cancelAsked = adopted && !request.reply().adoptable();
    this.queueAtMs = ports.now() + FIRST_QUEUE_LOOK_MS;
    this.reply =
        ports
            .platforms()
            .behind(request.reply(), memory.ref)
            .map(platform -> reply(platform, adopted));
  }

  private <P> VisibleReply<P> reply(ReplyPlatform<P> platform, boolean adopted) {
    return adopted
        ? VisibleReply.adopted(this, platform, ports.store(), ports.replyLimits(), ports.now())
        : new VisibleReply<>(this, platform, ports.store(), ports.replyLimits(), ports.now());
  }

  /// @param askedIn [GatewayLease#liveness] when the store was asked to admit it
  static OwnedTurn admitted(TurnPorts ports, Owner owner, TurnMemory memory, int askedIn) {
    return new OwnedTurn(ports, owner, memory, false, askedIn);
  }

  /// In the place of another turn, whose last call may still be under way.
  ///
  /// @param askedIn as of [#admitted]
  static OwnedTurn successor(TurnPorts ports, Owner owner, TurnMemory memory, int askedIn) {
    OwnedTurn turn = admitted(ports, owner, memory, askedIn);
    turn.reply.ifPresent(VisibleReply::repeatEnd);
    return turn;
  }

  /// @param askedIn [GatewayLease#liveness] when the store was asked for it
  static OwnedTurn adopted(TurnPorts ports, Owner owner, TurnMemory memory, int askedIn) {
    OwnedTurn turn = new OwnedTurn(ports, owner, memory, true, askedIn);
    turn.sync.readAgain();
    return turn;
  }

  TurnMemory memory() {
    return memory;
  }

  Watchers watchers() {
    return watchers;
  }

  // ---- what arrives

  void onDeltas(ChannelMessage.Deltas message) {
    if (!over && !memory.state.ended()) {
      if (memory.state != TurnState.RUNNING) {
        owner.pace().started(ports.now());
      }
      sync.onDeltas(message);
    }
  }

  /// The record changed in a way that only reading it tells.
  void onDoorbell() {
    sync.readAgain();
  }

  void onReady() {
    if (memory.state == TurnState.WAITING) {
      memory.state = TurnState.READY;
      dispatch.again();
      watchers.tell(new TurnEvent.Position(0));
    } else {
      sync.readAgain();
    }
  }

  void onSuspect() {
    sync.suspect();
  }

  void onCancel() {
    cancelAsked = true;
  }

  /// Whether a call for its reply is under way.
  boolean underWay() {
    return reply.map(VisibleReply::underWay).orElse(false);
  }

  /// Whether a call, of whatever gateway, may still change the reply's messages.
  boolean unsettled() {
    return underWay() || reply.map(VisibleReply::repeatsEnd).orElse(false);
  }

  /// Lets no call for its reply leave until it is let go.
  void hold(boolean on) {
    held = on;
  }

  // ---- what is done

  /// Makes the call that is due.
  void step() {
    if (over) {
      return;
    }
    long now = ports.now();
    reply.ifPresent(r -> r.step(now));
    if (dispatch.producing() || over || !scripts.mayGo(now)) {
      return;
    }
    if (sync.wantsPutBack()) {
      sync.putBack();
    } else if (owner.lease().live() && !sync.confirmed()) {
      sync.read(now);
    } else if (memory.state.ended()) {
      stepEnded(now);
    } else {
      stepOpen(now);
    }
  }

  private void stepOpen(long now) {
    long deadlineMs = memory.deadlineMs - owner.lease().clockOffsetMs();
    if (now >= deadlineMs + ports.limits().graceMs()) {
      endAlone();
    } else if (sync.wantsRead()) {
      sync.read(now);
    } else if (cancelAsked) {
      script("cancel", s -> s.cancel(memory.ref), this::afterEnd);
    } else if (now >= deadlineMs) {
      script("expire", s -> s.expire(memory.ref), this::afterEnd);
    } else if (memory.state == TurnState.READY && !owner.comesLater(this)) {
      dispatch.step();
    } else if (sync.silent(now)) {
      sync.read(now);
    }
  }

  private void stepEnded(long now) {
    if (sync.wantsRead() || sync.silent(now)) {
      // Another turn may have come in its place.
      sync.read(now);
    } else if (!memory.got && reply.isPresent()) {
      script(
          "got",
          s -> s.got(memory.ref, gateway()),
          outcome -> {
            memory.got = outcome == Outcome.OK;
            sync.heard(outcome);
          });
    } else if (reply.map(r -> r.done() && !r.underWay()).orElse(true)) {
      boolean visible = reply.map(VisibleReply::visible).orElse(true);
      HistoryEntry history = historyEntry();
      EndReason end = memory.end.orElseThrow();
      script(
          "delivered",
          s -> s.delivered(memory.ref, gateway(), end, visible, history),
          outcome -> afterDelivered(outcome, visible));
    }
  }

  private void afterDelivered(Outcome outcome, boolean visible) {
    if (outcome != Outcome.OK) {
      sync.heard(outcome);
      return;
    }
    over = true;
    memory.state = visible ? TurnState.DELIVERED : TurnState.UNDELIVERABLE;
    ports.counters().closed(memory.end.orElseThrow(), visible);
    if (!visible) {
      ports.counters().undeliverable();
    }
    owner.closed(this);
  }

  private void afterEnd(Outcome outcome) {
    cancelAsked &= outcome == Outcome.MISSING;
    sync.readAgain();
    sync.heard(outcome);
    if (outcome == Outcome.LATER) {
      scripts.pause(ports.limits().retryMs());
    }
  }

  /// The prompt is larger than the queue's limit.
  void failTooLong() {
    script("fail", s -> s.fail(memory.ref, EndReason.TOO_LONG), this::afterEnd);
  }

  /// The record was read, and the turn has not ended.
  ///
  /// @param before the state that was remembered
  /// @param atWork whether a living worker has it
  void follow(TurnState stored, TurnState before, boolean atWork) {
    if (stored == TurnState.READY && before != TurnState.READY) {
      // Released, requeued or rolled back: whoever has a record of it already, another does no
      // harm.
      dispatch.again();
    } else if (stored == TurnState.WAITING) {
      dispatch.again();
      script(
          "promote",
          s -> s.promote(memory.ref),
          outcome -> {
            if (outcome == Outcome.OK) {
              sync.readAgain();
            }
          });
    } else if (stored == TurnState.RUNNING && !atWork) {
      script(
          "requeue",
          s -> s.requeue(memory.ref, ports.limits().lostWorkerMs()),
          outcome -> {
            if (outcome == Outcome.OK) {
              ports.counters().requeued();
              sync.readAgain();
            }
          });
    }
  }

  // ---- ends

  private void endAlone() {
    memory.endLocally(TurnState.EXPIRED, EndReason.EXPIRED);
    ports.counters().endedAlone();
    sync.suspect();
    watchers.end(memory);
  }

  /// Closed: by a call of ours of unknown outcome, or because its message was edited or its answer
  /// asked for again.
  @Override
  public void replaced() {
    if (over) {
      return;
    }
    if (!memory.state.ended()) {
      memory.endLocally(TurnState.DELIVERED, EndReason.CANCELLED);
      watchers.end(memory);
    }
    memory.state = TurnState.DELIVERED;
    over = true;
    owner.closed(this);
  }

  @Override
  public void lost() {
    if (!over) {
      over = true;
      owner.lost(this);
    }
  }

  private HistoryEntry historyEntry() {
    if (!request.useHistory() || request.offTheRecord()) {
      return new HistoryEntry("", 1, 1);
    }
    return new HistoryEntry(
        Wire.encode(memory.exchange(request.messages())),
        ports.history().maxExchanges(),
        ports.history().ttlMs());
  }

  // ---- calls

  /// The pauses between the calls.
  ScriptCalls scripts() {
    return scripts;
  }

  /// @param then takes the reply, unless the turn is not ours any more
  <R> void script(String what, Function<TurnStore, R> script, Consumer<R> then) {
    script(what, script, then, () -> {});
  }

  /// @param then takes the reply, unless the turn is not ours any more
  /// @param unknown there is none; to be repeated after a pause
  <R> void script(String what, Function<TurnStore, R> script, Consumer<R> then, Runnable unknown) {
    scripts.call(
        what,
        script,
        reply -> {
          if (reply == Outcome.COLD || reply instanceof ViewReply.Cold) {
            scripts.backOff();
          } else {
            scripts.recovered();
          }
          if (!over) {
            then.accept(reply);
          }
        },
        unknown);
  }

  // ---- what the visible reply sees

  @Override
  public TurnRef ref() {
    return memory.ref;
  }

  @Override
  public String gateway() {
    return memory.gateway;
  }

  @Override
  public ReplyContent content() {
    boolean ended = memory.state.ended();
    lookAtTheQueue();
    return new ReplyContent(
        memory.state,
        before,
        waitS,
        ended ? memory.text : memory.shownText(),
        ended ? memory.end : Optional.empty());
  }

  /// A reader need not see every step of the queue.
  private void lookAtTheQueue() {
    boolean begun = memory.state.ended() || memory.state == TurnState.RUNNING;
    if (begun) {
      before = 0;
      waitS = 0;
    } else if (nowMs() >= queueAtMs) {
      queueAtMs = nowMs() + QUEUE_LOOK_MS;
      before = owner.ahead(memory.ref);
      waitS = before == 0 ? 0 : owner.pace().waitS(before, nowMs());
    }
  }

  @Override
  public boolean mayEdit() {
    return owner.lease().live() && sync.confirmed() && !over && !held;
  }

  @Override
  public long deliverByMs() {
    return memory.deliverByMs - owner.lease().clockOffsetMs();
  }

  @Override
  public ReplyParts parts() {
    return memory.parts;
  }

  @Override
  public long nowMs() {
    return ports.now();
  }

  @Override
  public void ambiguous() {
    ports.counters().ambiguousSend();
  }

  @Override
  public void unreachable() {
    cancelAsked |= !memory.state.ended();
  }
}
