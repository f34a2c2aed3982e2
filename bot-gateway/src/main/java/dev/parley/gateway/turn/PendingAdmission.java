package dev.parley.gateway.turn;

import dev.parley.gateway.chat.InboundMessage;
import dev.parley.gateway.chat.TurnListener;
import dev.parley.gateway.reply.ReplyParts;
import dev.parley.shared.turn.Admission;
import dev.parley.shared.turn.AdmitReply;
import dev.parley.shared.turn.DueTurn;
import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnState;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.turn.ViewReply;
import dev.parley.shared.wire.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// A message on its way to becoming a turn. The store decides; while its answer is unknown it is
/// asked again, for a bounded time. After that the message is refused, but the turn may exist: it
/// is looked for until the store answers.
final class PendingAdmission {
  private final TurnPorts ports;
  private final TurnOwner owner;
  private final InboundMessage message;
  private final boolean storeRefusal;

  /// The turn in whose place this one comes.
  private final Optional<Departure> old;

  private final long untilMs;
  private final List<TurnListener> listeners = new ArrayList<>();
  private final List<Consumer<TurnOwner.Submitted>> waiting = new ArrayList<>();
  private boolean busy;

  /// Whether the store said that this one came in the place of the other now, and not before or of a third.
  private boolean took;

  private boolean refused;
  private boolean asked;
  private long notBeforeMs;

  /// [GatewayLease#liveness] when it was asked: a turn admitted before a gap may be another gateway's by now.
  private int askedIn;

  PendingAdmission(TurnPorts ports, TurnOwner owner, InboundMessage message, boolean storeRefusal) {
    this(ports, owner, message, storeRefusal, Optional.empty());
  }

  /// Of a message whose answer takes the place of another's.
  static PendingAdmission replacing(
      TurnPorts ports, TurnOwner owner, InboundMessage message, TurnRef old) {
    return new PendingAdmission(
        ports, owner, message, false, Optional.of(new Departure(ports, owner, old)));
  }

  private PendingAdmission(
      TurnPorts ports,
      TurnOwner owner,
      InboundMessage message,
      boolean storeRefusal,
      Optional<Departure> old) {
    this.old = old;
    this.ports = ports;
    this.owner = owner;
    this.message = message;
    this.storeRefusal = storeRefusal;
    this.untilMs = ports.now() + ports.limits().admitMs();
  }

  TurnRef ref() {
    return message.ref();
  }

  void join(TurnListener listener, Consumer<TurnOwner.Submitted> then) {
    refused = false;
    listeners.add(listener);
    waiting.add(then);
  }

  void tick() {
    if (!refused && ports.now() >= untilMs) {
      refused = true;
      answer(new TurnOwner.Submitted.Unavailable());
      listeners.clear();
    }
    if (!busy && ports.now() >= notBeforeMs) {
      if (!refused) {
        ask();
      } else if (asked) {
        abandon();
      } else {
        owner.admitted(message.ref());
      }
    }
  }

  void ask() {
    if (!old.map(Departure::known).orElse(true)) {
      busy = true;
      old.get().look(this::looked);
      return;
    }
    if (!owner.lease().live() || !old.map(Departure::hold).orElse(true)) {
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
            untilMs + owner.lease().clockOffsetMs());
    askedIn = owner.lease().liveness();
    if (old.isPresent()) {
      if (took) {
        readSuccessor();
        return;
      }
      TurnRef other = old.get().ref();
      ports
          .store()
          .call("replace", ref, s -> s.replace(other, admission), this::onReplaced, this::later);
    } else {
      ports.store().call("admit", ref, s -> s.admit(admission), this::onReply, this::later);
    }
  }

  private void looked() {
    busy = false;
    if (!refused && old.map(Departure::known).orElse(true)) {
      ask();
    } else {
      later(false);
    }
  }

  private void onReplaced(Outcome outcome) {
    switch (outcome) {
      case OK -> {
        took = true;
        readSuccessor();
      }
      case EXISTS -> readSuccessor();
      case LOST, MISSING -> {
        busy = false;
        done(new TurnOwner.Submitted.NotNewest());
      }
      case LATER -> {
        old.ifPresent(Departure::sending);
        later(false);
      }
      case COLD, OTHER, ENDED, NOT_OWNER -> later(false);
    }
  }

  /// The successor is there; what it took over, only its record says.
  private void readSuccessor() {
    TurnRef ref = message.ref();
    ports.store().call("view", ref, s -> s.view(ref, 0), this::onSuccessor, this::later);
  }

  private void onSuccessor(ViewReply view) {
    if (took && view instanceof ViewReply.Missing) {
      busy = false;
      ownForgotten();
      return;
    }
    if (!(view instanceof ViewReply.Found found)) {
      later(true);
      return;
    }
    busy = false;
    boolean unsettled = old.map(took ? Departure::over : Departure::perhapsOver).orElse(false);
    if (mine(found.turn()) && !found.turn().state().closed()) {
      TurnMemory memory = TurnMemory.adopted(found.turn(), ports.gateway());
      owned(
          unsettled
              ? OwnedTurn.successor(ports, owner, memory, askedIn)
              : OwnedTurn.admitted(ports, owner, memory, askedIn),
          0);
    } else {
      // Another gateway had the same wish; if that is dead, a sweeper will see.
      existing(found.turn(), true);
    }
  }

  /// The store has admitted it, and was emptied since: nobody else knows of it, and the other is over.
  private void ownForgotten() {
    List<String> parts = old.map(Departure::parts).orElse(List.of());
    boolean unsettled = old.map(Departure::over).orElse(false);
    long admittedMs = ports.now() + owner.lease().clockOffsetMs();
    long deadlineMs = admittedMs + ports.limits().answerMs();
    TurnMemory memory = memory(admittedMs, deadlineMs, new ReplyParts(parts, 0));
    owned(
        unsettled
            ? OwnedTurn.successor(ports, owner, memory, askedIn)
            : OwnedTurn.admitted(ports, owner, memory, askedIn),
        0);
    owner.suspect();
  }

  private void onReply(AdmitReply reply) {
    busy = false;
    switch (reply) {
      case AdmitReply.Admitted admitted ->
          accepted(
              admitted.state(), admitted.before(), admitted.admittedMs(), admitted.deadlineMs());
      case AdmitReply.Existing existing -> existing(existing.turn(), existing.ownerAlive());
      case AdmitReply.Full full -> full();
      case AdmitReply.Wait wait -> later(false);
      case AdmitReply.Cold cold -> later(false);
    }
  }

  private void existing(TurnView turn, boolean ownerAlive) {
    if (mine(turn) && !turn.state().ended()) {
      // An earlier call of unknown outcome was ours.
      accepted(turn.state(), 0, turn.admittedMs(), turn.deadlineMs());
    } else if (mine(turn)) {
      // Ours, and ended before its admission was confirmed: shown like any other. Ours at once,
      // because with this answer it is accepted: Redis must not be the only one that has it.
      owner.sweeper().takeOver(turn, askedIn);
      done(new TurnOwner.Submitted.Existing(turn));
    } else if (turn.state().closed() || ownerAlive) {
      done(new TurnOwner.Submitted.Existing(turn));
    } else {
      done(new TurnOwner.Submitted.Existing(turn));
      owner.sweeper().adopt(new DueTurn(turn.ref(), turn.gateway()));
    }
  }

  /// A stored refusal is a turn like any other: it ends with a sentence, once.
  private void full() {
    if (storeRefusal) {
      owner.sweeper().takeOver(message.ref());
    }
    done(new TurnOwner.Submitted.Full());
  }

  private boolean mine(TurnView turn) {
    return turn.gateway().equals(ports.gateway());
  }

  private void accepted(TurnState state, int before, long admittedMs, long deadlineMs) {
    TurnMemory memory = memory(admittedMs, deadlineMs, new ReplyParts());
    memory.state = state;
    owned(OwnedTurn.admitted(ports, owner, memory, askedIn), before);
  }

  private TurnMemory memory(long admittedMs, long deadlineMs, ReplyParts parts) {
    return new TurnMemory(
        message.ref(),
        Wire.encode(message.request()),
        ports.gateway(),
        admittedMs,
        deadlineMs,
        deadlineMs + ports.limits().deliverMs(),
        parts);
  }

  private void owned(OwnedTurn turn, int before) {
    owner.own(turn);
    if (unheard()) {
      turn.onCancel();
    }
    listeners.forEach(listener -> turn.watchers().add(listener, turn.memory()));
    done(new TurnOwner.Submitted.Accepted(before));
    turn.step();
  }

  private void later() {
    later(true);
  }

  private void later(boolean unknown) {
    busy = false;
    asked |= unknown;
    old.ifPresent(Departure::letGo);
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
    int askedIn = owner.lease().liveness();
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
                case ViewReply.Missing missing -> owner.admitted(ref);
                case ViewReply.Found found -> {
                  owner.admitted(ref);
                  owner.sweeper().takeOver(found.turn(), askedIn);
                  if (unheard()) {
                    owner.find(ref).ifPresent(OwnedTurn::onCancel);
                  }
                }
              }
            },
            this::later);
  }

  private void done(TurnOwner.Submitted result) {
    old.ifPresent(Departure::letGo);
    owner.admitted(message.ref());
    answer(result);
  }

  private void answer(TurnOwner.Submitted result) {
    waiting.forEach(then -> then.accept(result));
    waiting.clear();
  }
}
