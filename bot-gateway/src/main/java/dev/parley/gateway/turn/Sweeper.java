package dev.parley.gateway.turn;

import dev.parley.shared.turn.DueTurn;
import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.turn.ViewReply;
import java.util.HashSet;
import java.util.Set;

/// The watch over the turns of dead gateways: looks for them, adopts them, and takes them over into a [TurnOwner].
final class Sweeper {
  private final TurnPorts ports;
  private final TurnOwner owner;
  private final GatewayLease lease;
  private final Repeats repeats;
  private final Set<TurnRef> adopting = new HashSet<>();
  private boolean sweeping;
  private long nextSweepMs;

  Sweeper(TurnPorts ports, TurnOwner owner, GatewayLease lease, Repeats repeats) {
    this.ports = ports;
    this.owner = owner;
    this.lease = lease;
    this.repeats = repeats;
  }

  void tick(long now) {
    if (!sweeping && now >= nextSweepMs && lease.live()) {
      sweep(now);
    }
  }

  private void sweep(long now) {
    sweeping = true;
    ports
        .store()
        .call(
            "sweep",
            GatewayLease.ALL,
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

  /// Makes a turn whose owner is dead ours, unless Redis may have forgotten that its owner lives.
  void adopt(DueTurn due) {
    long beat = lease.confirmedBeat();
    if (beat == GatewayLease.NO_BEAT || owner.owns(due.ref()) || !adopting.add(due.ref())) {
      return;
    }
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

  /// Takes a turn over that may be ours in the store and is not here.
  void takeOver(TurnRef ref) {
    int askedIn = lease.liveness();
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
            () -> repeats.add("take over " + ref, () -> takeOver(ref)));
  }

  /// @param askedIn [GatewayLease#liveness] when the store was asked for it
  void takeOver(TurnView view, int askedIn) {
    if (view.gateway().equals(ports.gateway())
        && !view.state().closed()
        && !owner.owns(view.ref())) {
      ports.counters().adopted();
      TurnMemory memory = TurnMemory.adopted(view, ports.gateway());
      owner.own(OwnedTurn.adopted(ports, owner, memory, askedIn));
    }
  }
}
