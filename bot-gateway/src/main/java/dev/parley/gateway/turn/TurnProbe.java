package dev.parley.gateway.turn;

import dev.parley.gateway.chat.TurnEvent;
import dev.parley.shared.runtime.Logging;
import dev.parley.shared.turn.TurnRef;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches one turn that was admitted here for logs and meters, from its user's message on.
final class TurnProbe implements LocalListener {
  private static final Logger LOG = LoggerFactory.getLogger(TurnProbe.class);

  /// What is measured.
  interface Meters {
    /// From the user's message to the first text.
    void firstChunk(Duration time);

    /// From the user's message to the end.
    void ended(Duration time, TurnEvent.Ended end);
  }

  private final TurnRef ref;
  private final Meters meters;
  private final LongSupplier nanoTime;
  private final Runnable left;
  private final long startedNanos;
  private boolean started;

  /// @param left called once, when the turn ended or went to another gateway
  TurnProbe(TurnRef ref, Meters meters, LongSupplier nanoTime, long startedNanos, Runnable left) {
    this.ref = ref;
    this.meters = meters;
    this.nanoTime = nanoTime;
    this.startedNanos = startedNanos;
    this.left = left;
  }

  @Override
  public void onEvent(TurnEvent event) {
    switch (event) {
      case TurnEvent.Text text -> {
        if (!text.added().isEmpty()) {
          firstText();
        }
      }
      case TurnEvent.Restarted whole -> {
        if (!whole.wholeText().isEmpty()) {
          firstText();
        }
      }
      case TurnEvent.Position place -> {}
      case TurnEvent.Ended end -> ended(end);
    }
  }

  @Override
  public void handedOver() {
    log(() -> LOG.info("taken over by another gateway"));
    left.run();
  }

  private void firstText() {
    if (!started) {
      started = true;
      Duration time = elapsed();
      meters.firstChunk(time);
      log(() -> LOG.info("first text after {} ms", time.toMillis()));
    }
  }

  private void ended(TurnEvent.Ended end) {
    Duration time = elapsed();
    meters.ended(time, end);
    log(() ->
        LOG.info(
            "ended {} after {} ms, {} tokens",
            end.end(),
            time.toMillis(),
            end.usage().completionTokens()));
    left.run();
  }

  private Duration elapsed() {
    return Duration.ofNanos(nanoTime.getAsLong() - startedNanos);
  }

  private void log(Runnable line) {
    try (var _ = Logging.aboutTurn(ref.turnId())) {
      line.run();
    }
  }
}
