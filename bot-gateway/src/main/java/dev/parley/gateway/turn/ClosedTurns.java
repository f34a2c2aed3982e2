package dev.parley.gateway.turn;

import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// Turns that this gateway has lately closed: put back into an emptied Redis, or a late retry would be answered
/// again. Forgotten after [TurnLimits#rememberMs]; of more than [#MOST] the oldest go first.
final class ClosedTurns {
  /// The most that are remembered, about 4 KB each.
  private static final int MOST = 50_000;

  private record Closed(TurnView view, long atMs) {}

  private final TurnPorts ports;
  private final Repeats repeats;
  private final LinkedHashMap<TurnRef, Closed> turns = new LinkedHashMap<>();

  ClosedTurns(TurnPorts ports, Repeats repeats) {
    this.ports = ports;
    this.repeats = repeats;
  }

  void add(TurnView view) {
    turns.remove(view.ref());
    turns.put(view.ref(), new Closed(view, ports.now()));
    if (turns.size() > MOST) {
      turns.pollFirstEntry();
    }
  }

  Optional<TurnView> find(TurnRef ref) {
    return Optional.ofNullable(turns.get(ref)).map(Closed::view);
  }

  void tick(long now) {
    while (!turns.isEmpty()
        && turns.firstEntry().getValue().atMs() + ports.limits().rememberMs() < now) {
      turns.pollFirstEntry();
    }
  }

  void putAllBack() {
    List.copyOf(turns.values()).forEach(turn -> putBack(turn.view()));
  }

  private void putBack(TurnView turn) {
    TurnRef ref = turn.ref();
    ports
        .store()
        .call(
            "assert",
            ref,
            s -> s.assertTurn(turn),
            outcome -> {
              if (outcome == Outcome.COLD) {
                repeats.add("assert " + ref, () -> putBack(turn));
              }
            },
            () -> repeats.add("assert " + ref, () -> putBack(turn)));
  }
}
