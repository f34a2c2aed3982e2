package dev.parley.gateway;

import dev.parley.gateway.dispatch.DeadLetterHandler;
import dev.parley.gateway.dispatch.ProduceResult;
import dev.parley.gateway.dispatch.PromptSink;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.Wire;
import dev.parley.shared.wire.WireException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What becomes of a prompt that the queue gave up on: one that no worker could read ends its turn, one
/// that was delivered too often goes into the queue again.
///
/// Deliveries say little about a prompt. The broker notices the connections of a killed worker one by
/// one, and hands what it takes back from the first to the next that it believes to be polling, so one
/// death can use up all of them. How often a prompt may kill is counted by the claim, how long it may
/// take by its deadline; a second record of a turn that is well is dropped.
///
/// Produces while its caller waits, so call it on virtual threads.
final class GivenUpPrompts implements DeadLetterHandler {
  private static final Logger LOG = LoggerFactory.getLogger(GivenUpPrompts.class);

  /// What the broker's reason has in it for a record with too many deliveries.
  private static final String TOO_OFTEN = "delivery count exceeded";

  /// Ends a turn whose prompt is lost.
  @FunctionalInterface
  interface End {
    void end(TurnRef turn, String reason);
  }

  private final PromptSink sink;
  private final End end;

  GivenUpPrompts(PromptSink sink, End end) {
    this.sink = sink;
    this.end = end;
  }

  @Override
  public void deadLettered(TurnRef turn, byte[] value, String reason) {
    Optional<Lane> lane = reason.contains(TOO_OFTEN) ? lane(value) : Optional.empty();
    if (lane.isEmpty()) {
      end.end(turn, reason);
      return;
    }
    ProduceResult result = sink.produce(lane.get(), turn.toString(), value).join();
    switch (result) {
      case PRODUCED ->
          LOG.warn("the queue gave turnId={} up ({}): asked again", turn.turnId(), reason);
      case UNKNOWN ->
          throw new IllegalStateException("Kafka gave no answer to the prompt of " + turn);
      case REFUSED -> end.end(turn, reason);
    }
  }

  /// The lane of a prompt; empty when it is none.
  private static Optional<Lane> lane(byte[] value) {
    try {
      return Optional.of(Wire.decodePrompt(value).request().lane());
    } catch (WireException e) {
      LOG.debug("a dead letter is no prompt", e);
      return Optional.empty();
    }
  }
}
