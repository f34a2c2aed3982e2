package dev.parley.gateway.turn;

import dev.parley.gateway.chat.TurnEvent;
import dev.parley.gateway.chat.TurnListener;
import dev.parley.gateway.chat.Turns;
import dev.parley.shared.turn.TurnRef;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A reader of one turn, wherever the turn is: it is passed between the owner here and the watch over
/// other gateways' turns, and hears from one of them at a time.
final class Follower implements LocalListener, Turns.Subscription {
  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

  private final TurnRef ref;
  private final TurnListener listener;
  private final Consumer<Follower> elsewhere;
  private final Consumer<Follower> gone;
  private volatile boolean open = true;

  /// @param elsewhere takes a follower whose turn this gateway lost
  /// @param gone forgets a follower that was closed
  Follower(
      TurnRef ref, TurnListener listener, Consumer<Follower> elsewhere, Consumer<Follower> gone) {
    this.ref = ref;
    this.listener = listener;
    this.elsewhere = elsewhere;
    this.gone = gone;
  }

  TurnRef ref() {
    return ref;
  }

  /// Whether anybody still listens and the end has not come.
  boolean isOpen() {
    return open;
  }

  @Override
  public void onEvent(TurnEvent event) {
    if (!open) {
      return;
    }
    open = !(event instanceof TurnEvent.Ended);
    try {
      listener.onEvent(event);
    } catch (RuntimeException e) {
      // It promised not to; the other turns of this thread must not suffer.
      open = false;
      LOG.error("the listener of turnId={} failed and gets no more events", ref.turnId(), e);
    }
  }

  @Override
  public void handedOver() {
    if (open) {
      elsewhere.accept(this);
    }
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      gone.accept(this);
    }
  }
}
