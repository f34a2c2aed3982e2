package dev.parley.gateway.web;

import dev.parley.gateway.chat.Turns;
import dev.parley.shared.turn.TurnRef;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stops turns of API clients that went away: nobody will read the answer.
///
/// A client that sent an `Idempotency-Key` may come back with it, so its turn is stopped only after
/// a time in which no request asked for it.
final class Abandoned implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Abandoned.class);

  private final Turns turns;
  private final Duration patience;
  private final Map<TurnRef, Integer> readers = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("abandoned-turns").factory());

  Abandoned(Turns turns, Duration patience) {
    this.turns = turns;
    this.patience = patience;
  }

  /// A request reads this turn from now on.
  void arrived(TurnRef turn) {
    readers.merge(turn, 1, Integer::sum);
  }

  /// A request stopped reading this turn. `gone` says that it got no end of it; `retryable` that its
  /// client may ask again.
  void left(TurnRef turn, boolean gone, boolean retryable) {
    readers.computeIfPresent(turn, (key, count) -> count == 1 ? null : count - 1);
    if (gone && retryable) {
      var _ = timer.schedule(() -> stopUnread(turn), patience.toMillis(), TimeUnit.MILLISECONDS);
    } else if (gone) {
      stop(turn);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private void stopUnread(TurnRef turn) {
    if (!readers.containsKey(turn)) {
      Thread.ofVirtual().name("abandoned-turn").start(() -> stop(turn));
    }
  }

  private void stop(TurnRef turn) {
    try {
      boolean stopped = turns.cancel(turn);
      LOG.info("client left turnId={} stopped={}", turn.turnId(), stopped);
    } catch (RuntimeException e) {
      LOG.warn("client left, but its turn cannot be stopped now turnId={}", turn.turnId(), e);
    }
  }
}
