package dev.parley.gateway.turn;

import dev.parley.gateway.chat.InboundMessage;
import dev.parley.gateway.chat.TurnListener;
import dev.parley.shared.turn.Admission;
import dev.parley.shared.turn.AdmitReply;
import dev.parley.shared.turn.Beat;
import dev.parley.shared.turn.DueTurn;
import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnState;
import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.turn.ViewReply;
import dev.parley.shared.wire.ChannelMessage;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Wire;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// All turns of one gateway, and its watch over those of dead ones. A plain machine: whoever drives it
/// calls it from one thread, with what arrived and every [#TICK_MS] with [#tick].
public final class TurnOwner implements OwnedTurn.Owner {

  /// How often [#tick] wants to be called, ms.
  public static final long TICK_MS = 50;

  /// Name under which calls that concern no single turn are logged.
  private static final TurnRef ALL = new TurnRef("-", "-");

  /// No beat was confirmed since Redis last forgot something; no adoption is tried with it.
  private static final long NO_BEAT = 0;

  /// What became of a submitted message.
  public sealed interface Submitted {
    record Accepted(int before) implements Submitted {}

    /// The same message again; this gateway may or may not own its turn.
    record Existing(TurnView turn) implements Submitted {}

    record Full() implements Submitted {}

    /// The store did not answer in time.
    record Unavailable() implements Submitted {}
  }

  /// An ended turn as remembered, to be put back into an emptied Redis.
  private record Closed(TurnView view, long atMs) {}

  private final TurnPorts ports;
  private final Map<TurnRef, OwnedTurn> turns = new HashMap<>();
  private final Map<TurnRef, Admitting> admitting = new HashMap<>();
  private final Set<TurnRef> adopting = new HashSet<>();
  private final Deque<Closed> closed = new ArrayDeque<>();
  private final List<OwnedTurn> lost = new ArrayList<>();

  /// Calls that concern no open turn and had no answer yet, by what they are for.
  private final Map<String, Runnable> repeats = new LinkedHashMap<>();

  private final Consumer<List<TurnListener>> orphans;
  private boolean beating;
  private boolean sweeping;
  private boolean reopening;
  private long nextBeatMs;
  private long nextSweepMs;
  private long nextRepeatMs;
  private long counter;
  private long confirmedBeat = NO_BEAT;
  private long epochMs;
  private long liveUntilMs;

  /// How often liveness began, or began again after a gap.
  private int liveness;

  private long clockOffsetMs;

  /// @param orphans takes the listeners of turns that another gateway took over
  public TurnOwner(TurnPorts ports, Consumer<List<TurnListener>> orphans) {
    this.ports = ports;
    this.orphans = orphans;
  }

  // ---- from platforms

  /// Admits a message; `then` is called once. The listener follows the turn when this gateway owns it.
  public void submit(
      InboundMessage message,
      TurnListener listener,
      boolean storeRefusal,
      Consumer<Submitted> then) {
    OwnedTurn known = turns.get(message.ref());
    if (known != null) {
      known.watchers().add(listener, known.memory());
      then.accept(new Submitted.Existing(known.memory().view()));
      return;
    }
    Admitting already = admitting.get(message.ref());
    if (already != null) {
      already.join(listener, then);
      return;
    }
    Admitting admission = new Admitting(message, storeRefusal);
    admission.join(listener, then);
    admitting.put(message.ref(), admission);
    admission.ask();
  }

  /// Asks for the end of a turn, wherever it is.
  ///
  /// @param then OK, ENDED or MISSING; LATER when the store does not answer
  public void cancel(TurnRef ref, Consumer<Outcome> then) {
    OwnedTurn turn = turns.get(ref);
    if (turn != null) {
      then.accept(turn.memory().state.ended() ? Outcome.ENDED : Outcome.OK);
      turn.onCancel();
      turn.step();
      return;
    }
    ports.store().call("cancel", ref, s -> s.cancel(ref), then, () -> then.accept(Outcome.LATER));
  }

  /// Follows a turn that this gateway owns.
  ///
  /// @return false when it does not
  public boolean watch(TurnRef ref, TurnListener listener) {
    OwnedTurn turn = turns.get(ref);
    if (turn == null) {
      return false;
    }
    turn.watchers().add(listener, turn.memory());
    return true;
  }

  public void unwatch(TurnRef ref, TurnListener listener) {
    OwnedTurn turn = turns.get(ref);
    if (turn != null) {
      turn.watchers().remove(listener);
    }
  }

  /// Number of turns that are open here.
  public int open() {
    return turns.size();
  }

  /// Whether the turn is one of the open ones here.
  public boolean owns(TurnRef ref) {
    return turns.containsKey(ref);
  }

  /// Number of open turns that wait for another one of their conversation.
  public int waiting() {
    return (int) turns.values().stream().filter(t -> t.memory().state == TurnState.WAITING).count();
  }

  /// Turns of the same conversation that come before a waiting one, as far as this gateway owns
  /// them; at least the one it waits for. 0 for a turn whose time has come.
  public int before(TurnRef ref) {
    OwnedTurn turn = turns.get(ref);
    if (turn == null || turn.memory().state != TurnState.WAITING) {
      return 0;
    }
    long earlier =
        turns.values().stream()
            .map(OwnedTurn::memory)
            .filter(m -> m.ref.conversation().equals(ref.conversation()))
            .filter(m -> m.admittedMs < turn.memory().admittedMs && !m.state.closed())
            .count();
    return Math.max(1, (int) earlier);
  }

  /// Whether Redis was emptied or is new, and what survived is being put back: nothing is admitted.
  public boolean rebuilding() {
    return ports.now() + clockOffsetMs - epochMs < TurnStore.REBUILD_MS;
  }

  /// The open turns as remembered here.
  public List<TurnView> views() {
    return turns.values().stream().map(t -> t.memory().view()).toList();
  }

  /// What this gateway remembers of a turn it owns or lately closed.
  public Optional<TurnView> view(TurnRef ref) {
    OwnedTurn turn = turns.get(ref);
    if (turn != null) {
      return Optional.of(turn.memory().view());
    }
    return closed.stream().map(Closed::view).filter(v -> v.ref().equals(ref)).findFirst();
  }

  // ---- from Redis and Kafka

  /// A message on this gateway's channel.
  public void onMessage(ChannelMessage message) {
    OwnedTurn turn = turns.get(message.ref());
    if (turn == null) {
      return;
    }
    switch (message) {
      case ChannelMessage.Deltas deltas -> turn.onDeltas(deltas);
      case ChannelMessage.Ended ended -> turn.onDoorbell();
      case ChannelMessage.Ready ready -> turn.onReady();
      case ChannelMessage.Cancel cancel -> {}
    }
    turn.step();
  }

  /// The channel was away: anything may have been missed, and the Redis that is back may be another
  /// one, which lacks the last writes of the first. Only a turn nobody looks at any more would not
  /// show it, so all are put back.
  public void onResubscribed() {
    putAllBack();
    stepAll();
  }

  /// The queue gave a record up.
  public void onDeadLetter(TurnRef ref) {
    ports
        .store()
        .call(
            "fail",
            ref,
            s -> s.fail(ref, EndReason.UNREADABLE),
            outcome -> {
              if (outcome == Outcome.COLD) {
                repeat("dead letter " + ref, () -> onDeadLetter(ref));
              }
            },
            () -> repeat("dead letter " + ref, () -> onDeadLetter(ref)));
  }

  // ---- the time

  /// Does what is due.
  public void tick() {
    long now = ports.now();
    if (!beating && now >= nextBeatMs) {
      beat(now);
    }
    if (!sweeping && now >= nextSweepMs && live()) {
      sweep(now);
    }
    if (now >= nextRepeatMs && !repeats.isEmpty()) {
      repeat(now);
    }
    List.copyOf(admitting.values()).forEach(Admitting::tick);
    while (!closed.isEmpty() && closed.getFirst().atMs + ports.limits().rememberMs() < now) {
      closed.removeFirst();
    }
    stepAll();
  }

  /// Does it again soon, once however often it was asked for.
  private void repeat(String what, Runnable call) {
    repeats.put(what, call);
  }

  private void repeat(long now) {
    nextRepeatMs = now + ports.limits().retryMs();
    List<Runnable> calls = List.copyOf(repeats.values());
    repeats.clear();
    calls.forEach(Runnable::run);
  }

  private void stepAll() {
    List.copyOf(turns.values()).forEach(OwnedTurn::step);
    bury();
  }

  private void beat(long now) {
    beating = true;
    long beat = ++counter;
    ports
        .store()
        .call(
            "beat",
            ALL,
            s -> s.beatGateway(ports.gateway(), beat),
            reply -> {
              beating = false;
              nextBeatMs = now + ports.limits().beatMs();
              liveness += ports.now() >= liveUntilMs ? 1 : 0;
              liveUntilMs = now + TurnStore.GATEWAY_LEASE_MS;
              clockOffsetMs = reply.nowMs() - ports.now();
              onBeat(reply, beat);
            },
            () -> {
              beating = false;
              nextBeatMs = ports.now() + ports.limits().retryMs();
            });
  }

  private void onBeat(Beat beat, long sent) {
    if (beat.epochMs() == 0) {
      ports.store().call("openEpoch", ALL, TurnStore::openEpoch, LongConsumer -> {}, () -> {});
    }
    boolean wiped = epochMs != 0 && beat.epochMs() != epochMs;
    boolean rolledBack = sent > 1 && beat.previous() != sent - 1;
    epochMs = beat.epochMs();
    confirmedBeat = wiped || rolledBack ? NO_BEAT : sent;
    if (wiped) {
      putAllBack();
    } else if (rolledBack) {
      suspect();
    }
  }

  @Override
  public boolean live() {
    return ports.now() < liveUntilMs;
  }

  @Override
  public int liveness() {
    return liveness;
  }

  @Override
  public long clockOffsetMs() {
    return clockOffsetMs;
  }

  /// Redis forgot something: nothing may be released or claimed until all owners, who learn of it by
  /// the new epoch, have put back what they hold.
  @Override
  public void suspect() {
    if (reopening) {
      return;
    }
    reopening = true;
    ports
        .store()
        .call(
            "reopen",
            ALL,
            TurnStore::reopenEpoch,
            opened -> {
              reopening = false;
              epochMs = opened;
              putAllBack();
            },
            () -> {
              reopening = false;
              repeat("reopen", this::suspect);
            });
  }

  @Override
  public boolean comesLater(OwnedTurn turn) {
    return turns.values().stream()
        .map(OwnedTurn::memory)
        .anyMatch(other ->
            other.ref.conversation().equals(turn.ref().conversation())
                && other.admittedMs < turn.memory().admittedMs);
  }

  private void putAllBack() {
    turns.values().forEach(OwnedTurn::onSuspect);
    List.copyOf(closed).forEach(this::putBack);
  }

  private void putBack(Closed turn) {
    ports
        .store()
        .call(
            "assert",
            turn.view.ref(),
            s -> s.assertTurn(turn.view),
            outcome -> {
              if (outcome == Outcome.COLD) {
                repeat("assert " + turn.view.ref(), () -> putBack(turn));
              }
            },
            () -> repeat("assert " + turn.view.ref(), () -> putBack(turn)));
  }

  // ---- turns come and go

  private void own(OwnedTurn turn) {
    turns.put(turn.ref(), turn);
  }

  @Override
  public void lost(OwnedTurn turn) {
    lost.add(turn);
  }

  @Override
  public void closed(OwnedTurn turn) {
    lost.add(turn);
    closed.addLast(new Closed(turn.memory().view(), ports.now()));
  }

  /// Lets go of turns that are no longer ours.
  private void bury() {
    for (OwnedTurn turn : List.copyOf(lost)) {
      turns.remove(turn.ref(), turn);
      List<TurnListener> left = turn.watchers().take();
      if (!left.isEmpty()) {
        orphans.accept(left);
      }
    }
    lost.clear();
  }

  private void sweep(long now) {
    sweeping = true;
    ports
        .store()
        .call(
            "sweep",
            ALL,
            s -> s.sweep(ports.limits().sweepLimit()),
            due -> {
              sweeping = false;
              nextSweepMs = now + ports.limits().sweepMs();
              due.forEach(this::adopt);
            },
            () -> {
              sweeping = false;
              nextSweepMs = now + ports.limits().sweepMs();
            });
  }

  private void adopt(DueTurn due) {
    if (confirmedBeat == NO_BEAT || turns.containsKey(due.ref()) || !adopting.add(due.ref())) {
      return;
    }
    long beat = confirmedBeat;
    ports
        .store()
        .call(
            "adopt",
            due.ref(),
            s -> s.adopt(due.ref(), due.gateway(), ports.gateway(), beat),
            outcome -> {
              if (outcome == Outcome.OK) {
                takeOver(due.ref());
              } else {
                adopting.remove(due.ref());
              }
            },
            // It may be ours by now, and nobody else would look.
            () -> takeOver(due.ref()));
  }

  private void takeOver(TurnRef ref) {
    int askedIn = liveness;
    ports
        .store()
        .call(
            "view",
            ref,
            s -> s.view(ref, 0),
            view -> {
              adopting.remove(ref);
              if (view instanceof ViewReply.Found found) {
                takeOver(found.turn(), askedIn);
              }
            },
            () -> repeat("take over " + ref, () -> takeOver(ref)));
  }

  private void takeOver(TurnView view, int askedIn) {
    if (view.gateway().equals(ports.gateway())
        && !view.state().closed()
        && !turns.containsKey(view.ref())) {
      ports.counters().adopted();
      own(OwnedTurn.adopted(ports, this, TurnMemory.adopted(view, ports.gateway()), askedIn));
    }
  }

  /// A message on its way to becoming a turn. The store decides; while its answer is unknown it is
  /// asked again, for a bounded time. After that the message is refused, but the turn may exist: it
  /// is looked for until the store answers.
  private final class Admitting {

    private final InboundMessage message;
    private final boolean storeRefusal;
    private final long untilMs;
    private final List<TurnListener> listeners = new ArrayList<>();
    private final List<Consumer<Submitted>> waiting = new ArrayList<>();
    private boolean busy;
    private boolean refused;
    private boolean asked;
    private long notBeforeMs;

    /// [#liveness] when it was asked: a turn admitted before a gap may be another gateway's by now.
    private int askedIn;

    Admitting(InboundMessage message, boolean storeRefusal) {
      this.message = message;
      this.storeRefusal = storeRefusal;
      this.untilMs = ports.now() + ports.limits().admitMs();
    }

    void join(TurnListener listener, Consumer<Submitted> then) {
      refused = false;
      listeners.add(listener);
      waiting.add(then);
    }

    void tick() {
      if (!refused && ports.now() >= untilMs) {
        refused = true;
        answer(new Submitted.Unavailable());
        listeners.clear();
      }
      if (!busy && ports.now() >= notBeforeMs) {
        if (!refused) {
          ask();
        } else if (asked) {
          abandon();
        } else {
          admitting.remove(message.ref());
        }
      }
    }

    void ask() {
      if (!live()) {
        // Whoever owns a turn must be seen to live, and know the store's time.
        later(false);
        return;
      }
      busy = true;
      TurnRef ref = message.ref();
      Admission admission =
          new Admission(
              ref,
              Wire.encode(message.request()),
              ports.gateway(),
              ports.limits().answerMs(),
              ports.limits().deliverMs(),
              ports.limits().maxQueue(),
              storeRefusal,
              untilMs + clockOffsetMs);
      askedIn = liveness;
      ports.store().call("admit", ref, s -> s.admit(admission), this::onReply, this::later);
    }

    private void onReply(AdmitReply reply) {
      busy = false;
      switch (reply) {
        case AdmitReply.Admitted admitted ->
            accepted(
                admitted.state(), admitted.before(), admitted.admittedMs(), admitted.deadlineMs());
        case AdmitReply.Existing existing -> existing(existing);
        case AdmitReply.Full full -> full();
        case AdmitReply.Wait wait -> later(false);
        case AdmitReply.Cold cold -> later(false);
      }
    }

    private void existing(AdmitReply.Existing existing) {
      TurnView turn = existing.turn();
      if (mine(turn) && !turn.state().ended()) {
        // An earlier call of unknown outcome was ours.
        accepted(turn.state(), 0, turn.admittedMs(), turn.deadlineMs());
      } else if (mine(turn)) {
        // Ours, and ended before its admission was confirmed: shown like any other. Ours at once,
        // because with this answer it is accepted: Redis must not be the only one that has it.
        takeOver(turn, askedIn);
        done(new Submitted.Existing(turn));
      } else if (turn.state().closed() || existing.ownerAlive()) {
        done(new Submitted.Existing(turn));
      } else {
        done(new Submitted.Existing(turn));
        adopt(new DueTurn(turn.ref(), turn.gateway()));
      }
    }

    /// A stored refusal is a turn like any other: it ends with a sentence, once.
    private void full() {
      if (storeRefusal) {
        takeOver(message.ref());
      }
      done(new Submitted.Full());
    }

    private boolean mine(TurnView turn) {
      return turn.gateway().equals(ports.gateway());
    }

    private void accepted(TurnState state, int before, long admittedMs, long deadlineMs) {
      TurnMemory memory =
          new TurnMemory(
              message.ref(),
              Wire.encode(message.request()),
              ports.gateway(),
              admittedMs,
              deadlineMs,
              deadlineMs + ports.limits().deliverMs());
      memory.state = state;
      OwnedTurn turn = OwnedTurn.admitted(ports, TurnOwner.this, memory, askedIn);
      own(turn);
      if (unheard()) {
        turn.onCancel();
      }
      listeners.forEach(listener -> turn.watchers().add(listener, memory));
      done(new Submitted.Accepted(before));
      turn.step();
    }

    private void later() {
      later(true);
    }

    private void later(boolean unknown) {
      busy = false;
      asked |= unknown;
      notBeforeMs = ports.now() + ports.limits().retryMs();
    }

    /// Refused, and nobody will read the answer: its connection is the only place for it. Elsewhere a
    /// message that was admitted after all is answered, whether or not it is sent again.
    private boolean unheard() {
      return refused && !message.request().reply().adoptable();
    }

    /// Refused, but perhaps admitted.
    private void abandon() {
      busy = true;
      int askedIn = liveness;
      TurnRef ref = message.ref();
      ports
          .store()
          .call(
              "view",
              ref,
              s -> s.view(ref, 0),
              view -> {
                busy = false;
                switch (view) {
                  case ViewReply.Cold cold -> later(true);
                  case ViewReply.Missing missing -> admitting.remove(ref);
                  case ViewReply.Found found -> {
                    admitting.remove(ref);
                    takeOver(found.turn(), askedIn);
                    OwnedTurn turn = turns.get(ref);
                    if (turn != null && unheard()) {
                      turn.onCancel();
                    }
                  }
                }
              },
              this::later);
    }

    private void done(Submitted result) {
      admitting.remove(message.ref());
      answer(result);
    }

    private void answer(Submitted result) {
      waiting.forEach(then -> then.accept(result));
      waiting.clear();
    }
  }
}
