package dev.parley.gateway.turn;

import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.wire.TokenLogprob;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// Turns that this gateway has lately closed: put back into an emptied Redis, or a late retry would be answered
/// again. Forgotten after [TurnLimits#rememberMs]; of more than [#MOST] the oldest go first.
final class ClosedTurns {
  /// The most that are remembered, about 4 KB each.
  private static final int MOST = 50_000;

  /// The most logprobs that are remembered, about 75 bytes each; of more, those of the oldest turns go first, and
  /// who asks for such a turn again gets its text alone.
  private static final int MOST_LOGPROBS = 500_000;

  private record Closed(TurnView view, long atMs) {}

  private final TurnPorts ports;
  private final Repeats repeats;
  private final LinkedHashMap<TurnRef, Closed> turns = new LinkedHashMap<>();

  /// Of those turns that have any.
  private final LinkedHashMap<TurnRef, List<TokenLogprob>> logprobs = new LinkedHashMap<>();

  private int logprobCount;

  ClosedTurns(TurnPorts ports, Repeats repeats) {
    this.ports = ports;
    this.repeats = repeats;
  }

  void add(TurnMemory memory) {
    TurnRef ref = memory.ref;
    forget(ref);
    turns.put(ref, new Closed(memory.viewWithoutLogprobs(), ports.now()));
    if (turns.size() > MOST) {
      forget(turns.firstEntry().getKey());
    }
    List<TokenLogprob> told = memory.whole() ? memory.logprobs() : List.of();
    if (!told.isEmpty()) {
      logprobs.put(ref, told);
      logprobCount += count(told);
      while (logprobCount > MOST_LOGPROBS) {
        forgetLogprobs(logprobs.firstEntry().getKey());
      }
    }
  }

  private void forget(TurnRef ref) {
    turns.remove(ref);
    forgetLogprobs(ref);
  }

  private void forgetLogprobs(TurnRef ref) {
    List<TokenLogprob> told = logprobs.remove(ref);
    if (told != null) {
      logprobCount -= count(told);
    }
  }

  private static int count(List<TokenLogprob> told) {
    return told.stream().mapToInt(token -> 1 + token.top().size()).sum();
  }

  Optional<TurnView> find(TurnRef ref) {
    return Optional.ofNullable(turns.get(ref)).map(Closed::view);
  }

  /// Those of a turn's tokens; none if it has none that are remembered.
  List<TokenLogprob> logprobs(TurnRef ref) {
    return logprobs.getOrDefault(ref, List.of());
  }

  void tick(long now) {
    while (!turns.isEmpty()
        && turns.firstEntry().getValue().atMs() + ports.limits().rememberMs() < now) {
      forget(turns.firstEntry().getKey());
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
