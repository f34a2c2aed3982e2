package dev.parley.gateway.web;

import dev.parley.gateway.chat.TurnEvent;
import dev.parley.gateway.chat.TurnListener;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Turn events on their way to one connection. The producer never waits: what the connection has not
/// taken yet is merged (text is joined, only the latest position counts), so a slow reader gets
/// fewer and larger pieces. Past a bound the text is dropped, and the reader is told to [Next.Resync].
final class PendingEvents implements TurnListener {

  /// What the connection's thread does next.
  sealed interface Next {
    /// Show this.
    record Event(TurnEvent event) implements Next {}

    /// Text was dropped or is missing: read the turn as it stands.
    record Resync() implements Next {}

    /// Nothing happened for the given time.
    record Idle() implements Next {}

    /// The client has closed its connection.
    record ClientGone() implements Next {}
  }

  private final int maxPendingCharacters;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  private TurnEvent.@Nullable Position position;
  private TurnEvent.@Nullable Restarted restarted;
  private final StringBuilder text = new StringBuilder();
  private int textOffset;
  private boolean resync;
  private TurnEvent.@Nullable Ended ended;
  private boolean clientGone;

  PendingEvents(int maxPendingCharacters) {
    this.maxPendingCharacters = maxPendingCharacters;
  }

  @Override
  public void onEvent(TurnEvent event) {
    lock.lock();
    try {
      switch (event) {
        case TurnEvent.Text piece -> append(piece);
        case TurnEvent.Restarted whole -> restart(whole);
        case TurnEvent.Position place -> position = place;
        case TurnEvent.Ended end -> ended = end;
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /// The client closed its connection: nobody reads on.
  void clientGone() {
    lock.lock();
    try {
      clientGone = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Waits for the next thing to do, at most `idle`.
  Next next(Duration idle) throws InterruptedException {
    lock.lock();
    try {
      long remaining = idle.toNanos();
      while (true) {
        Optional<Next> next = take();
        if (next.isPresent()) {
          return next.get();
        }
        if (remaining <= 0) {
          return new Next.Idle();
        }
        remaining = changed.awaitNanos(remaining);
      }
    } finally {
      lock.unlock();
    }
  }

  private void append(TurnEvent.Text piece) {
    if (resync) {
      return;
    }
    if (text.isEmpty()) {
      textOffset = piece.offset();
    }
    if (piece.offset() != textOffset + text.length()
        || text.length() + piece.added().length() > maxPendingCharacters) {
      text.setLength(0);
      resync = true;
      return;
    }
    text.append(piece.added());
  }

  private void restart(TurnEvent.Restarted whole) {
    restarted = whole;
    text.setLength(0);
    resync = false;
  }

  /// In the order a reader needs them: the place in the queue, a fresh start, more text, the end.
  private Optional<Next> take() {
    if (clientGone) {
      return Optional.of(new Next.ClientGone());
    }
    TurnEvent event = firstEvent();
    if (event != null) {
      return Optional.of(new Next.Event(event));
    }
    if (resync) {
      resync = false;
      return Optional.of(new Next.Resync());
    }
    if (ended != null) {
      event = ended;
      ended = null;
      return Optional.of(new Next.Event(event));
    }
    return Optional.empty();
  }

  private @Nullable TurnEvent firstEvent() {
    TurnEvent event = null;
    if (position != null) {
      event = position;
      position = null;
    } else if (restarted != null) {
      event = restarted;
      restarted = null;
    } else if (!text.isEmpty()) {
      event = new TurnEvent.Text(text.toString(), textOffset);
      text.setLength(0);
    }
    return event;
  }
}
