package dev.parley.shared.turn;

import dev.parley.shared.wire.Prompt;
import java.util.List;

/// What a worker says when it claims a turn.
///
/// @param attempt random UUID, the fence
/// @param worker process whose liveness stands for the attempt
/// @param fingerprint of its model; a buffer of another one cannot be continued
/// @param atWork attempts of that process that may own a turn, this one among them
/// @param secondAsk it was told to wait and the lease has passed
/// @param maxCrashes attempts that may die before the turn is given up as poison
/// @param prompt rebuilds the turn when it is unknown
public record Claim(
    String attempt,
    String worker,
    String fingerprint,
    List<String> atWork,
    boolean secondAsk,
    int maxCrashes,
    Prompt prompt) {

  public Claim {
    atWork = List.copyOf(atWork);
  }

  public TurnRef ref() {
    return prompt.ref();
  }
}
