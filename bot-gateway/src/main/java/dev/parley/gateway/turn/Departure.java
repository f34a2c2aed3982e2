package dev.parley.gateway.turn;

import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.turn.ViewReply;
import java.util.List;
import java.util.Optional;

/// A turn in whose place another is to come, or that is to be taken back, as long as the store is asked for that. It is
/// looked at first, because with the store's word this gateway is to know what was ended; and held, where it is this
/// gateway's: no call for it may be under way. Not thread-safe.
final class Departure {

  /// A message that is on its way for longer, ms, may be in doubt for as long as its turn is open: that is ended.
  private static final long SETTLES_MS = 2_000;

  private final TurnPorts ports;
  private final TurnOwner owner;
  private final TurnRef ref;

  /// Another gateway's, as it was before.
  private Optional<TurnView> seen = Optional.empty();

  private boolean looked;
  private boolean ending;
  private long sendingSinceMs = Long.MAX_VALUE;

  Departure(TurnPorts ports, TurnOwner owner, TurnRef ref) {
    this.ports = ports;
    this.owner = owner;
    this.ref = ref;
  }

  TurnRef ref() {
    return ref;
  }

  /// Whether it is known here.
  boolean known() {
    return looked || owner.owns(ref);
  }

  /// Reads it from the store.
  ///
  /// @param then called once, also when the store did not answer: it is not known then
  void look(Runnable then) {
    ports
        .store()
        .call(
            "view",
            ref,
            s -> s.view(ref, Long.MAX_VALUE),
            view -> {
              looked = true;
              seen = view instanceof ViewReply.Found f ? Optional.of(f.turn()) : Optional.empty();
              then.run();
            },
            then);
  }

  /// Lets no call for it leave until [#letGo].
  ///
  /// @return false while one is under way
  boolean hold() {
    Optional<OwnedTurn> here = owner.find(ref);
    boolean underWay = here.map(OwnedTurn::underWay).orElse(false);
    here.ifPresent(turn -> turn.hold(!underWay));
    return !underWay;
  }

  void letGo() {
    owner.find(ref).ifPresent(turn -> turn.hold(false));
  }

  /// The messages that it hands over, as far as this gateway knows them.
  List<String> parts() {
    return owner.view(ref).or(() -> seen).map(TurnView::parts).orElse(List.of());
  }

  /// The store says that a message of it is on its way.
  void sending() {
    long now = ports.now();
    sendingSinceMs = Math.min(sendingSinceMs, now);
    if (!ending && now - sendingSinceMs >= SETTLES_MS) {
      ending = true;
      owner.cancel(ref, outcome -> ending = outcome == Outcome.OK || outcome == Outcome.ENDED);
    }
  }

  /// It may have ended silently before.
  ///
  /// @return as [#over]
  boolean perhapsOver() {
    owner.find(ref).ifPresent(OwnedTurn::onDoorbell);
    return true;
  }

  /// It has ended silently.
  ///
  /// @return whether a call for it may still change its messages
  boolean over() {
    Optional<OwnedTurn> here = owner.find(ref);
    if (here.isPresent()) {
      boolean unsettled = here.get().unsettled();
      here.get().replaced();
      return unsettled;
    }
    Optional<TurnView> open = seen.filter(turn -> !turn.state().closed());
    open.ifPresent(owner::closedElsewhere);
    return open.isPresent();
  }
}
