package dev.parley.gateway.turn;

import dev.parley.gateway.chat.TurnEvent;
import dev.parley.shared.runtime.Threads;
import dev.parley.shared.turn.StoreUnavailable;
import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.turn.ViewReply;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Usage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows turns that other gateways own by reading their records: all that are due in one round
/// trip, on one virtual thread. Thread-safe.
final class RemoteTurns implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteTurns.class);

  /// Its sentence for a turn of which nothing is left to show.
  private static final String VANISHED =
      "The answer is not there any more. Please send the message again.";

  /// Bounds of the watch.
  ///
  /// @param everyMs between two looks at a turn
  /// @param batch turns read in one round trip
  /// @param maxFollowers followers at once; more are refused
  /// @param vanishMs a turn that is missing for so long does not come back
  record Limits(long everyMs, int batch, int maxFollowers, long vanishMs) {
    static final Limits DEFAULT = new Limits(250, 500, 20_000, 30_000);
  }

  private final TurnStore store;
  private final StoredTurns stored;
  private final String gateway;
  private final Limits limits;
  private final LongSupplier clock;
  private final Consumer<Follower> here;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Follower, Watched> watched = new HashMap<>();
  private boolean open = true;

  private static final class Watched {
    final RemoteTurn turn;
    long dueMs;

    Watched(RemoteTurn turn, long dueMs) {
      this.turn = turn;
      this.dueMs = dueMs;
    }
  }

  /// @param gateway this one
  /// @param here takes followers whose turn this gateway owns
  RemoteTurns(
      TurnStore store,
      StoredTurns stored,
      String gateway,
      Limits limits,
      LongSupplier clock,
      Consumer<Follower> here) {
    this.store = store;
    this.stored = stored;
    this.gateway = gateway;
    this.limits = limits;
    this.clock = clock;
    this.here = here;
  }

  void start() {
    var _ = Threads.start("remote-turns", this::run);
  }

  /// Follows the turn from its whole text on.
  ///
  /// @throws StoreUnavailable when too many are followed
  void follow(Follower follower) {
    follow(follower, 0);
  }

  /// Goes on with a turn that is not followed here after all.
  void followLater(Follower follower) {
    follow(follower, limits.everyMs());
  }

  private void follow(Follower follower, long delayMs) {
    lock.lock();
    try {
      if (watched.size() >= limits.maxFollowers()) {
        throw new StoreUnavailable(
            "more than " + limits.maxFollowers() + " readers of other gateways' turns",
            new IllegalStateException("limit"));
      }
      RemoteTurn turn = new RemoteTurn(follower, gateway, limits.vanishMs());
      watched.put(follower, new Watched(turn, clock.getAsLong() + delayMs));
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  void forget(Follower follower) {
    lock.lock();
    try {
      watched.remove(follower);
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return watched.size();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      open = false;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      for (List<Watched> due = awaitDue(); !due.isEmpty(); due = awaitDue()) {
        look(due);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Waits until turns are to be looked at, and puts each off by one period.
  ///
  /// @return empty at the stop
  private List<Watched> awaitDue() throws InterruptedException {
    lock.lock();
    try {
      while (open) {
        long now = clock.getAsLong();
        List<Watched> due = takeDue(now);
        if (!due.isEmpty()) {
          return due;
        }
        long nextMs = watched.values().stream().mapToLong(w -> w.dueMs).min().orElse(-1);
        if (nextMs < 0) {
          changed.await();
        } else {
          var _ = changed.await(nextMs - now, TimeUnit.MILLISECONDS);
        }
      }
      return List.of();
    } finally {
      lock.unlock();
    }
  }

  private List<Watched> takeDue(long nowMs) {
    List<Watched> due = new ArrayList<>();
    for (Iterator<Watched> all = watched.values().iterator(); all.hasNext(); ) {
      Watched one = all.next();
      if (!one.turn.follower().isOpen()) {
        all.remove();
      } else if (one.dueMs <= nowMs && due.size() < limits.batch()) {
        one.dueMs = nowMs + limits.everyMs();
        due.add(one);
      }
    }
    return due;
  }

  private void look(List<Watched> due) {
    List<ViewReply> replies;
    try {
      replies = store.viewAll(due.stream().map(w -> w.turn.wanted()).toList());
    } catch (StoreUnavailable e) {
      LOG.debug("turns of other gateways cannot be read now", e);
      return;
    } catch (RuntimeException e) {
      LOG.error("turns of other gateways cannot be read", e);
      return;
    }
    for (int i = 0; i < due.size(); i++) {
      apply(due.get(i), replies.get(i));
    }
  }

  private void apply(Watched one, ViewReply reply) {
    Follower follower = one.turn.follower();
    switch (one.turn.onReply(reply, clock.getAsLong())) {
      case LATER -> {}
      case NOW -> hurry(one);
      case HERE -> {
        forget(follower);
        here.accept(follower);
      }
      case UNKNOWN, ENDED -> forget(follower);
      case CLOSED -> closed(follower, reply);
      case VANISHED -> {
        forget(follower);
        follower.onEvent(new TurnEvent.Ended(EndReason.UNREADABLE, "", Usage.NONE, VANISHED));
      }
    }
  }

  private void hurry(Watched one) {
    lock.lock();
    try {
      one.dueMs = 0;
    } finally {
      lock.unlock();
    }
  }

  private void closed(Follower follower, ViewReply reply) {
    if (reply instanceof ViewReply.Found found) {
      try {
        var ended = stored.closed(found.turn());
        forget(follower);
        follower.onEvent(new TurnEvent.Restarted(ended.wholeText()));
        follower.onEvent(ended);
      } catch (StoreUnavailable e) {
        LOG.debug("the history of {} cannot be read now", follower.ref(), e);
      }
    }
  }
}
