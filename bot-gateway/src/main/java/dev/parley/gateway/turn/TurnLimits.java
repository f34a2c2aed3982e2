package dev.parley.gateway.turn;

import dev.parley.shared.turn.TurnStore;

/// Times and bounds of the gateway's part of the protocol.
///
/// @param answerMs from admission to the latest end
/// @param deliverMs from the deadline to the latest moment an end is shown
/// @param maxQueue turns of one conversation that are open at once
/// @param rereadMs between two looks at an open turn's record that brought no news itself
/// @param beatMs between two refreshes of the gateway's liveness; well below its lease
/// @param sweepMs between two looks for turns of dead gateways
/// @param sweepLimit turns adopted at once
/// @param retryMs first wait after a call of unknown outcome; doubles up to [#retryMaxMs]
/// @param admitMs a store that does not answer for so long refuses the message
/// @param graceMs past the deadline, with Redis away, the owner apologises on its own
/// @param rememberMs an ended turn is put back into an emptied Redis this long
/// @param lostWorkerMs a worker gone for so long lost its record too: the share lock and a margin
public record TurnLimits(
    long answerMs,
    long deliverMs,
    int maxQueue,
    long rereadMs,
    long beatMs,
    long sweepMs,
    int sweepLimit,
    long retryMs,
    long retryMaxMs,
    long admitMs,
    long graceMs,
    long rememberMs,
    long lostWorkerMs) {

  public static final TurnLimits DEFAULT =
      new TurnLimits(
          600_000, 900_000, 8, 1_000, 750, 500, 1_000, 100, 2_000, 8_000, 60_000, 600_000, 20_000);

  public TurnLimits {
    if (beatMs * 2 >= TurnStore.GATEWAY_LEASE_MS) {
      throw new IllegalArgumentException("beatMs must be less than half of a gateway's lease");
    }
    if (retryMaxMs < retryMs || maxQueue < 1 || sweepLimit < 1) {
      throw new IllegalArgumentException("turn limits must be positive and in order");
    }
  }
}
