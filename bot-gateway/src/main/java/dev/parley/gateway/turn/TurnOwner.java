package dev.parley.gateway.turn;

import dev.parley.gateway.chat.InboundMessage;
import dev.parley.gateway.chat.TurnListener;
import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnState;
import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.wire.ChannelMessage;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.TokenLogprob;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// All turns of one gateway, and its watch over those of dead ones. A plain machine: whoever drives it
/// calls it from one thread, with what arrived and every [#TICK_MS] with [#tick].
public final class TurnOwner implements OwnedTurn.Owner {

  /// How often [#tick] wants to be called, ms.
  public static final long TICK_MS = 50;

  /// What became of a submitted message.
  public sealed interface Submitted {
    record Accepted(int before) implements Submitted {}

    /// The same message again; this gateway may or may not own its turn.
    record Existing(TurnView turn) implements Submitted {}

    record Full() implements Submitted {}

    /// It was to replace a turn that is not the newest of its conversation.
    record NotNewest() implements Submitted {}

    /// The store did not answer in time.
    record Unavailable() implements Submitted {}
  }

  private final TurnPorts ports;
  private final OpenTurns turns = new OpenTurns();
  private final QueuePace pace = new QueuePace();
  private final Map<TurnRef, PendingAdmission> admitting = new HashMap<>();
  private final Map<TurnRef, Retraction> retracting = new HashMap<>();
  private final List<OwnedTurn> lost = new ArrayList<>();
  private final GatewayLease lease;
  private final Repeats repeats;
  private final ClosedTurns closed;
  private final Sweeper sweeper;
  private final Consumer<List<TurnListener>> orphans;
  private boolean reopening;

  /// @param orphans takes the listeners of turns that another gateway took over
  public TurnOwner(TurnPorts ports, Consumer<List<TurnListener>> orphans) {
    this.ports = ports;
    this.orphans = orphans;
    this.lease = new GatewayLease(ports, new WhenRedisForgets());
    this.repeats = new Repeats(ports);
    this.closed = new ClosedTurns(ports, repeats);
    this.sweeper = new Sweeper(ports, this, lease, repeats);
  }

  // ---- from platforms

  /// Admits a message; `then` is called once. The listener follows the turn when this gateway owns it.
  public void submit(
      InboundMessage message,
      TurnListener listener,
      boolean storeRefusal,
      Consumer<Submitted> then) {
    if (!isKnown(message.ref(), listener, then)) {
      begin(new PendingAdmission(ports, this, message, storeRefusal), listener, then);
    }
  }

  /// The same message again, of a turn that is open here or on its way to be.
  private boolean isKnown(TurnRef ref, TurnListener listener, Consumer<Submitted> then) {
    OwnedTurn known = turns.get(ref);
    PendingAdmission already = admitting.get(ref);
    if (known != null) {
      known.watchers().add(listener, known.memory());
      then.accept(new Submitted.Existing(known.memory().view()));
    } else if (already != null) {
      already.join(listener, then);
    }
    return known != null || already != null;
  }

  /// Admits a message whose answer takes the place of that of `old`; `then` is called once.
  public void replace(
      TurnRef old, InboundMessage message, TurnListener listener, Consumer<Submitted> then) {
    if (!isKnown(message.ref(), listener, then)) {
      begin(PendingAdmission.replacing(ports, this, message, old), listener, then);
    }
  }

  private void begin(PendingAdmission admission, TurnListener listener, Consumer<Submitted> then) {
    admission.join(listener, then);
    admitting.put(admission.ref(), admission);
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

  /// Takes a conversation's newest turn back.
  ///
  /// @param then OK, LOST or MISSING; LATER when it is not known whether it was, and the wish may come again
  public void retract(TurnRef ref, Consumer<Outcome> then) {
    Retraction already = retracting.get(ref);
    if (already != null) {
      already.join(then);
      return;
    }
    Retraction retraction = new Retraction(ports, this, ref);
    retraction.join(then);
    retracting.put(ref, retraction);
    retraction.ask();
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
    return turns.get(ref) != null;
  }

  /// Number of open turns that wait for another one of their conversation.
  public int waiting() {
    return (int) turns.all().stream().filter(t -> t.memory().state == TurnState.WAITING).count();
  }

  /// Turns of the same conversation that come before a waiting one, as far as this gateway owns
  /// them; at least the one it waits for. 0 for a turn whose time has come.
  public int before(TurnRef ref) {
    OwnedTurn turn = turns.get(ref);
    if (turn == null || turn.memory().state != TurnState.WAITING) {
      return 0;
    }
    long earlier =
        turns.of(ref.conversation()).stream()
            .map(OwnedTurn::memory)
            .filter(m -> m.admittedMs < turn.memory().admittedMs && !m.state.closed())
            .count();
    return Math.max(1, (int) earlier);
  }

  @Override
  public int ahead(TurnRef ref) {
    OwnedTurn turn = turns.get(ref);
    if (turn == null) {
      return 0;
    }
    long admittedMs = turn.memory().admittedMs;
    return (int)
        turns.all().stream()
            .map(OwnedTurn::memory)
            .filter(m -> m.admittedMs < admittedMs && waits(m.state))
            .count();
  }

  private static boolean waits(TurnState state) {
    return state == TurnState.WAITING || state == TurnState.READY || state == TurnState.QUEUED;
  }

  @Override
  public QueuePace pace() {
    return pace;
  }

  /// Whether Redis was emptied or is new, and what survived is being put back: nothing is admitted.
  public boolean rebuilding() {
    return lease.rebuilding();
  }

  /// The open turns as remembered here.
  public List<TurnView> views() {
    return turns.all().stream().map(t -> t.memory().view()).toList();
  }

  /// What this gateway remembers of a turn it owns or lately closed.
  public Optional<TurnView> view(TurnRef ref) {
    OwnedTurn turn = turns.get(ref);
    if (turn != null) {
      return Optional.of(turn.memory().view());
    }
    return closed.find(ref);
  }

  /// The logprobs of a turn that was lately closed, as far as they are remembered.
  public List<TokenLogprob> closedLogprobs(TurnRef ref) {
    return closed.logprobs(ref);
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
                repeats.add("dead letter " + ref, () -> onDeadLetter(ref));
              }
            },
            () -> repeats.add("dead letter " + ref, () -> onDeadLetter(ref)));
  }

  // ---- the time

  /// Does what is due.
  public void tick() {
    long now = ports.now();
    lease.tick(now);
    sweeper.tick(now);
    repeats.tick(now);
    List.copyOf(admitting.values()).forEach(PendingAdmission::tick);
    List.copyOf(retracting.values()).forEach(Retraction::tick);
    closed.tick(now);
    stepAll();
  }

  private void stepAll() {
    List.copyOf(turns.all()).forEach(OwnedTurn::step);
    bury();
  }

  @Override
  public GatewayLease lease() {
    return lease;
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
            GatewayLease.ALL,
            TurnStore::reopenEpoch,
            opened -> {
              reopening = false;
              lease.opened(opened);
              putAllBack();
            },
            () -> {
              reopening = false;
              repeats.add("reopen", this::suspect);
            });
  }

  @Override
  public boolean comesLater(OwnedTurn turn) {
    return turns.of(turn.ref().conversation()).stream()
        .anyMatch(other -> other.memory().admittedMs < turn.memory().admittedMs);
  }

  private void putAllBack() {
    turns.all().forEach(OwnedTurn::onSuspect);
    closed.putAllBack();
  }

  // ---- turns come and go

  void own(OwnedTurn turn) {
    turns.add(turn);
  }

  Optional<OwnedTurn> find(TurnRef ref) {
    return Optional.ofNullable(turns.get(ref));
  }

  Sweeper sweeper() {
    return sweeper;
  }

  /// The store has decided about a message, or there is nothing to decide any more.
  void admitted(TurnRef ref) {
    admitting.remove(ref);
  }

  /// A turn of another gateway was ended silently by a wish that came here: that gateway may not know it yet.
  void closedElsewhere(TurnView turn) {
    TurnMemory memory = TurnMemory.adopted(turn, turn.gateway());
    memory.closeSilently();
    closed.add(memory);
  }

  /// The store has decided whether a turn is taken back, or has not in time.
  void retracted(TurnRef ref) {
    retracting.remove(ref);
  }

  @Override
  public void lost(OwnedTurn turn) {
    lost.add(turn);
  }

  @Override
  public void closed(OwnedTurn turn) {
    lost.add(turn);
    closed.add(turn.memory());
  }

  /// Lets go of turns that are no longer ours.
  private void bury() {
    for (OwnedTurn turn : List.copyOf(lost)) {
      turns.remove(turn);
      List<TurnListener> left = turn.watchers().take();
      if (!left.isEmpty()) {
        orphans.accept(left);
      }
    }
    lost.clear();
  }

  private final class WhenRedisForgets implements GatewayLease.Watcher {
    @Override
    public void onWiped() {
      putAllBack();
    }

    @Override
    public void onRolledBack() {
      suspect();
    }
  }
}
