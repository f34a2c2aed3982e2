package dev.parley.gateway;

import dev.parley.gateway.chat.Submission.Refusal;
import dev.parley.gateway.chat.Submission.Refused;
import dev.parley.gateway.turn.GatewayTurns;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Keeps messages out while the gateway as a whole cannot take them: before it hears its channel,
/// while Redis is nearly full, and once it is asked to stop. Thread-safe.
final class GatewayDoor implements GatewayTurns.Door {

  private static final Refused STARTING =
      refused("The server is starting. Please try again.", Duration.ofSeconds(2));
  private static final Refused FULL =
      refused("Too much is stored at the moment. Please try again later.", Duration.ofSeconds(30));
  private static final Refused STOPPING =
      refused("The server is being restarted. Please try again.", Duration.ofSeconds(5));

  private final BooleanSupplier redisFull;
  private volatile boolean subscribed;
  private volatile boolean stopping;

  GatewayDoor(BooleanSupplier redisFull) {
    this.redisFull = redisFull;
  }

  /// Redis has acknowledged the subscription to this gateway's channel.
  void subscribed() {
    subscribed = true;
  }

  void stop() {
    stopping = true;
  }

  boolean isSubscribed() {
    return subscribed;
  }

  boolean isStopping() {
    return stopping;
  }

  @Override
  public Optional<Refused> closed() {
    if (stopping) {
      return Optional.of(STOPPING);
    }
    if (!subscribed) {
      return Optional.of(STARTING);
    }
    return redisFull.getAsBoolean() ? Optional.of(FULL) : Optional.empty();
  }

  private static Refused refused(String sentence, Duration retryAfter) {
    return new Refused(Refusal.UNAVAILABLE, sentence, retryAfter);
  }
}
