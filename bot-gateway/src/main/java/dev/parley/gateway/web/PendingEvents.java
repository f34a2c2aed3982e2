package dev.parley.gateway.web;

import dev.parley.gateway.chat.TurnEvent;
import dev.parley.gateway.chat.TurnListener;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/// Events of one turn, or of the choices of one request, on their way to one connection. The producer never
/// waits: what the connection has not taken yet is merged by [PendingTurn], so a slow reader gets fewer and
/// larger pieces. Turns are told apart by their number, from 0, and served in turn.
final class PendingEvents {

  /// What the connection's thread does next.
  sealed interface Next {
    /// Show this of a turn.
    record Event(int choice, TurnEvent event) implements Next {}

    /// Text was dropped or is missing: read the turn as it stands.
    record Resync(int choice) implements Next {}

    /// Nothing happened for the given time.
    record Idle() implements Next {}

    /// The client has closed its connection.
    record ClientGone() implements Next {}
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<PendingTurn> turns;
  private int first;
  private boolean clientGone;

  /// @param choices number of turns
  /// @param maxPendingCharacters of each
  PendingEvents(int choices, int maxPendingCharacters) {
    this.turns =
        IntStream.range(0, choices).mapToObj(i -> new PendingTurn(maxPendingCharacters)).toList();
  }

  /// Takes a turn's events in.
  TurnListener listener(int choice) {
    return event -> add(turns.get(choice), event);
  }

  /// Those of all turns, in order.
  List<TurnListener> listeners() {
    return IntStream.range(0, turns.size()).mapToObj(this::listener).toList();
  }

  private void add(PendingTurn turn, TurnEvent event) {
    lock.lock();
    try {
      turn.add(event);
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

  private Optional<Next> take() {
    if (clientGone) {
      return Optional.of(new Next.ClientGone());
    }
    for (int i = 0; i < turns.size(); i++) {
      int choice = (first + i) % turns.size();
      Optional<Next> next = take(choice);
      if (next.isPresent()) {
        first = choice + 1;
        return next;
      }
    }
    return Optional.empty();
  }

  private Optional<Next> take(int choice) {
    PendingTurn turn = turns.get(choice);
    Optional<TurnEvent> event = turn.take();
    if (event.isPresent()) {
      return Optional.of(new Next.Event(choice, event.get()));
    }
    return turn.takeResync() ? Optional.of(new Next.Resync(choice)) : Optional.empty();
  }
}
