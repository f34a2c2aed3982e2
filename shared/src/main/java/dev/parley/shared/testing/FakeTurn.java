package dev.parley.shared.testing;

import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnState;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.wire.Delta;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One turn record of [FakeTurnStore]: the hash `t:` and the list `b:` of the real store.
final class FakeTurn {

  final TurnRef ref;
  TurnState state;
  String request;
  String gateway;
  int adoptions;
  long admittedMs;
  long deadlineMs;
  long deliverByMs;
  String attempt = "";
  String worker = "";
  long restarts;
  String fingerprint = "";
  int starts;
  int yields;
  boolean orphan;
  List<String> parts = new ArrayList<>();
  int placing;
  String text = "";
  Optional<EndReason> end = Optional.empty();
  Usage usage = Usage.NONE;
  boolean got;

  /// Whether it was taken back.
  boolean retracted;

  /// When the worker was first seen dead, 0 while it was not.
  long goneMs;

  long expiresMs = Long.MAX_VALUE;
  List<Delta> deltas = new ArrayList<>();

  FakeTurn(
      TurnRef ref,
      TurnState state,
      String request,
      String gateway,
      long admittedMs,
      long deadlineMs,
      long deliverByMs) {
    this.ref = ref;
    this.state = state;
    this.request = request;
    this.gateway = gateway;
    this.admittedMs = admittedMs;
    this.deadlineMs = deadlineMs;
    this.deliverByMs = deliverByMs;
  }

  /// The record as somebody remembered it.
  static FakeTurn from(TurnView view) {
    FakeTurn turn =
        new FakeTurn(
            view.ref(),
            view.state(),
            view.request(),
            view.gateway(),
            view.admittedMs(),
            view.deadlineMs(),
            view.deliverByMs());
    turn.adoptions = view.adoptions();
    turn.attempt = view.attempt();
    turn.worker = view.worker();
    turn.restarts = view.restarts();
    turn.fingerprint = view.fingerprint();
    turn.starts = view.starts();
    turn.yields = view.yields();
    turn.orphan = view.orphan();
    turn.parts = new ArrayList<>(view.parts());
    turn.placing = view.placing();
    turn.text = view.text();
    turn.end = view.end();
    turn.usage = view.usage();
    turn.got = view.got();
    turn.deltas = new ArrayList<>(view.deltas());
    return turn;
  }

  FakeTurn copy() {
    FakeTurn turn = from(view(0));
    turn.goneMs = goneMs;
    turn.retracted = retracted;
    turn.expiresMs = expiresMs;
    return turn;
  }

  long lastDelta() {
    return deltas.isEmpty() ? 0 : deltas.getLast().n();
  }

  String textSoFar() {
    StringBuilder all = new StringBuilder();
    deltas.forEach(d -> all.append(d.text()));
    return all.toString();
  }

  void become(TurnState next) {
    if (!state.successors().contains(next)) {
      throw new IllegalStateException(ref + ": " + state + " -> " + next);
    }
    state = next;
  }

  TurnView view(long afterDelta) {
    return new TurnView(
        ref,
        state,
        request,
        gateway,
        adoptions,
        admittedMs,
        deadlineMs,
        deliverByMs,
        attempt,
        worker,
        restarts,
        fingerprint,
        starts,
        yields,
        orphan,
        parts,
        placing,
        text,
        end,
        usage,
        got,
        deltas.stream().filter(d -> d.n() > afterDelta).toList());
  }
}
