package dev.parley.gateway.turn;

import dev.parley.shared.runtime.BlockingStoreCaller;
import dev.parley.shared.runtime.Logging;
import dev.parley.shared.turn.AdmitReply;
import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.TurnRef;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One log line an event of a turn's life, told from the scripts that took effect: never any text of a
/// message.
public final class TurnJournal implements BlockingStoreCaller.Observer {
  private static final Logger LOG = LoggerFactory.getLogger("dev.parley.gateway.turns");

  /// The events, by the name of the script that makes them when it answers OK.
  private static final Map<String, String> EVENTS =
      Map.of(
          "produced", "in the queue",
          "cancel", "cancelled",
          "expire", "expired",
          "fail", "failed",
          "adopt", "adopted",
          "requeue", "back into the queue",
          "assert", "put back into Redis",
          "delivered", "delivered");

  private final Counter unknown;
  private final Counter sweeps;

  public TurnJournal(MeterRegistry registry) {
    unknown = registry.counter("parley.store.unknown");
    sweeps = registry.counter("parley.sweeps");
  }

  @Override
  public void replied(String what, TurnRef ref, Object reply) {
    if (what.equals("sweep")) {
      sweeps.increment();
    }
    event(what, reply)
        .ifPresent(event -> {
          try (var _ = Logging.aboutTurn(ref.turnId())) {
            LOG.info("{}", event);
          }
        });
  }

  @Override
  public void unknown(String what, TurnRef ref) {
    unknown.increment();
  }

  private static Optional<String> event(String what, Object reply) {
    return switch (reply) {
      case AdmitReply.Admitted admitted ->
          Optional.of("admitted " + admitted.state() + ", before it " + admitted.before());
      case Outcome outcome when outcome == Outcome.OK -> Optional.ofNullable(EVENTS.get(what));
      default -> Optional.empty();
    };
  }
}
