package dev.parley.gateway.turn;

import dev.parley.gateway.chat.TurnEvent;
import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.TurnState;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.turn.ViewReply;
import dev.parley.shared.wire.ChannelMessage;
import dev.parley.shared.wire.Delta;
import java.util.List;

/// The two copies of an owned turn kept the same, its owner's memory and the store's record: puts deltas into the
/// memory in their order, reads the record when it may say more, and puts the memory back when the record says less.
/// Not thread-safe.
final class TurnSync {
  private final OwnedTurn turn;
  private final TurnPorts ports;
  private final OwnedTurn.Owner owner;
  private final TurnMemory memory;
  private final Watchers watchers;
  private boolean putBack;
  private boolean reread;
  private boolean rereadAll;
  private long nextRereadMs;

  /// [GatewayLease#liveness] when the store was last asked and said that the turn is ours.
  private int confirmedIn;

  /// @param confirmedIn [GatewayLease#liveness] when the store was asked for the turn
  TurnSync(
      OwnedTurn turn,
      TurnPorts ports,
      OwnedTurn.Owner owner,
      TurnMemory memory,
      Watchers watchers,
      int confirmedIn) {
    this.turn = turn;
    this.ports = ports;
    this.owner = owner;
    this.memory = memory;
    this.watchers = watchers;
    this.confirmedIn = confirmedIn;
    this.nextRereadMs = ports.now() + ports.limits().rereadMs();
  }

  // ---- what is wanted

  /// The record may have lost something.
  void suspect() {
    putBack = true;
  }

  boolean wantsPutBack() {
    return putBack;
  }

  /// The record has changed in a way that only reading it tells.
  void readAgain() {
    reread = true;
  }

  boolean wantsRead() {
    return reread || rereadAll;
  }

  /// Whether nothing was heard for so long that the record is read in any case.
  boolean silent(long now) {
    return now >= nextRereadMs;
  }

  /// Whether the turn was seen to be ours since this gateway's liveness last began.
  boolean confirmed() {
    return confirmedIn == owner.lease().liveness();
  }

  /// An answer of the store about a turn that should be there, ended as remembered, and ours.
  void heard(Outcome outcome) {
    switch (outcome) {
      case MISSING -> owner.suspect();
      case NOT_OWNER -> confirmOwner();
      case LATER -> putBack |= memory.state.ended();
      case OK, ENDED, OTHER, EXISTS, LOST, COLD -> {}
    }
  }

  // ---- deltas

  /// Deltas of a turn that has not ended.
  void onDeltas(ChannelMessage.Deltas message) {
    if (message.restarts() > memory.restarts) {
      if (message.deltas().getFirst().n() != 1) {
        rereadAll = true;
        return;
      }
      restart(message.restarts());
    } else if (message.restarts() < memory.restarts) {
      return;
    }
    memory.hear(message.attempt(), message.worker());
    take(message.deltas());
  }

  private void take(List<Delta> deltas) {
    for (Delta delta : deltas) {
      if (delta.n() > memory.lastDelta() + 1) {
        ports.counters().gapRepaired();
        reread = true;
        return;
      }
      if (delta.n() == memory.lastDelta() + 1) {
        int offset = memory.shownLength();
        memory.add(delta);
        nextRereadMs = ports.now() + ports.limits().rereadMs();
        if (!delta.text().isEmpty() || !delta.logprobs().isEmpty()) {
          watchers.tell(new TurnEvent.Text(delta.text(), offset, delta.logprobs()));
        }
      } else if (!memory.agrees(delta)) {
        // Redis was rolled back and another attempt went on from what was left.
        ports.counters().gapRepaired();
        rereadAll = true;
        return;
      }
    }
  }

  private void restart(long restarts) {
    memory.restart(restarts);
    ports.counters().restarted();
    watchers.tell(new TurnEvent.Restarted(""));
  }

  // ---- putting back

  void putBack() {
    putBack = false;
    reread = true;
    int askedIn = owner.lease().liveness();
    TurnView remembered = memory.view();
    turn.script(
        "assert",
        s -> s.assertTurn(remembered),
        outcome -> {
          if (outcome == Outcome.COLD) {
            putBack = true;
          } else if (outcome == Outcome.OK) {
            confirmedIn = askedIn;
            ports.counters().asserted();
          }
          if (outcome == Outcome.EXISTS) {
            confirmLost();
          }
        },
        () -> putBack = true);
  }

  /// What is there won: it is somebody else's by now, or closed.
  private void confirmLost() {
    int askedIn = owner.lease().liveness();
    turn.script(
        "view",
        s -> s.view(memory.ref, 0),
        view -> afterView(view, true, askedIn),
        () -> putBack = true);
  }

  /// Told that another gateway owns it: true, or Redis forgot our adoption.
  private void confirmOwner() {
    turn.script(
        "view",
        s -> s.view(memory.ref, Long.MAX_VALUE),
        view -> {
          if (view instanceof ViewReply.Found found && !mine(found.turn())) {
            turn.lost();
          } else {
            putBack = true;
          }
        },
        () -> putBack = true);
  }

  // ---- reading

  void read(long now) {
    long after = rereadAll ? 0 : memory.lastDelta();
    boolean all = rereadAll;
    reread = false;
    rereadAll = false;
    nextRereadMs = now + ports.limits().rereadMs();
    int askedIn = owner.lease().liveness();
    turn.script(
        "view",
        s -> s.view(memory.ref, after),
        view -> afterView(view, all, askedIn),
        () -> {
          reread = true;
          rereadAll |= all;
        });
  }

  private void afterView(ViewReply view, boolean all, int askedIn) {
    switch (view) {
      case ViewReply.Cold cold -> reread = true;
      case ViewReply.Missing missing -> owner.suspect();
      case ViewReply.Found found -> {
        if (!mine(found.turn())) {
          turn.lost();
        } else if (!found.turn().gateway().equals(memory.gateway)) {
          putBack = true;
        } else {
          confirmedIn = askedIn;
          compare(found, all);
        }
      }
    }
  }

  /// Whether this gateway owns the turn, or Redis only forgot that it does.
  private boolean mine(TurnView stored) {
    return stored.gateway().equals(memory.gateway) || stored.adoptions() < memory.adoptions;
  }

  private void compare(ViewReply.Found found, boolean all) {
    var stored = found.turn();
    if (stored.state().closed()) {
      turn.replaced();
      return;
    }
    if (memory.state.ended()) {
      // What was told, and perhaps shown, stays: another end is that of a rolled-back turn.
      memory.adoptions = Math.max(memory.adoptions, stored.adoptions());
      putBack |= !stored.end().equals(memory.end) || !stored.text().equals(memory.text);
      return;
    }
    if (!all && (stored.restarts() > memory.restarts || otherLogprobs(stored))) {
      rereadAll = true;
      return;
    }
    if (stored.restarts() > memory.restarts || (all && differs(stored.deltas()))) {
      restart(stored.restarts());
    }
    TurnState before = memory.state;
    memory.learn(stored);
    take(stored.deltas());
    if (stored.state().ended()) {
      watchers.end(memory);
      return;
    }
    turn.follow(stored.state(), before, found.atWork());
  }

  /// Whether the turn ended with a text that the known deltas are not, so that their logprobs are not its own.
  private boolean otherLogprobs(TurnView stored) {
    return stored.state().ended()
        && !memory.logprobs().isEmpty()
        && !stored.text().equals(memory.shownText() + stored.shownText());
  }

  /// Whether the store's deltas are not the ones remembered, as far as both go.
  private boolean differs(List<Delta> deltas) {
    return deltas.stream().anyMatch(d -> d.n() <= memory.lastDelta() && !memory.agrees(d));
  }
}
