package dev.parley.gateway.turn;

import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.TurnRef;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The wish to take a turn back: the store is asked until it has decided, for a bounded time. Not thread-safe.
final class Retraction {
  private final TurnPorts ports;
  private final TurnOwner owner;
  private final Departure turn;
  private final long untilMs;
  private final List<Consumer<Outcome>> waiting = new ArrayList<>();
  private boolean busy;
  private long notBeforeMs;

  Retraction(TurnPorts ports, TurnOwner owner, TurnRef ref) {
    this.ports = ports;
    this.owner = owner;
    this.turn = new Departure(ports, owner, ref);
    this.untilMs = ports.now() + ports.limits().admitMs();
  }

  void join(Consumer<Outcome> then) {
    waiting.add(then);
  }

  void tick() {
    if (busy) {
      return;
    }
    if (ports.now() >= untilMs) {
      done(Outcome.LATER);
    } else if (ports.now() >= notBeforeMs) {
      ask();
    }
  }

  void ask() {
    TurnRef ref = turn.ref();
    if (!turn.known()) {
      busy = true;
      turn.look(this::looked);
    } else if (turn.hold()) {
      busy = true;
      ports.store().call("retract", ref, s -> s.retract(ref), this::onReply, this::later);
    } else {
      later();
    }
  }

  private void looked() {
    busy = false;
    if (turn.known()) {
      ask();
    } else {
      later();
    }
  }

  private void onReply(Outcome outcome) {
    busy = false;
    switch (outcome) {
      case OK -> {
        var _ = turn.over();
        done(outcome);
      }
      case LATER -> {
        turn.sending();
        later();
      }
      case COLD -> later();
      case LOST, MISSING, ENDED, OTHER, NOT_OWNER, EXISTS -> done(outcome);
    }
  }

  private void later() {
    busy = false;
    turn.letGo();
    notBeforeMs = ports.now() + ports.limits().retryMs();
  }

  private void done(Outcome outcome) {
    turn.letGo();
    owner.retracted(turn.ref());
    waiting.forEach(then -> then.accept(outcome));
  }
}
