package dev.parley.shared.turn;

import dev.parley.shared.wire.Prompt;

/// What a worker says when it claims a turn.
///
/// @param attempt random UUID, the fence
/// @param worker process whose liveness stands for the attempt
/// @param fingerprint of its model; a buffer of another one cannot be continued
/// @param secondAsk it was told to wait and the lease has passed
/// @param maxCrashes attempts that may die before the turn is given up as poison
/// @param prompt rebuilds the turn when it is unknown
public record Claim(
    String attempt,
    String worker,
    String fingerprint,
    boolean secondAsk,
    int maxCrashes,
    Prompt prompt) {

  public TurnRef ref() {
    return prompt.ref();
  }
}
