package dev.parley.shared.testing;

import dev.parley.shared.testing.ShareQueueModel.Answer;
import dev.parley.shared.testing.ShareQueueModel.DeadLetter;
import dev.parley.shared.testing.ShareQueueModel.Delivery;
import dev.parley.shared.testing.ShareQueueModel.Wish;
import dev.parley.shared.wire.Lane;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/// A [ShareQueueModel] in real time behind a lock, so that threads can wait on it. The fakes of the
/// queue's ports stand on it.
public final class FakePromptQueue {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ShareQueueModel model;
  private final int maxMembers;
  private int members;

  /// @param maxMembers of one lane's group
  public FakePromptQueue(ShareQueueModel.Limits limits, int maxMembers) {
    this.model = new ShareQueueModel(limits);
    this.maxMembers = maxMembers;
  }

  public void produce(Lane lane, String key, byte[] value) {
    with(m -> m.produce(lane, key, value, nowMs()));
  }

  /// Waits for a record.
  ///
  /// @param woken ends the wait early; call [#wake()] after it turned true
  public Optional<Delivery> poll(Lane lane, String member, Duration wait, BooleanSupplier woken)
      throws InterruptedException {
    lock.lock();
    try {
      long end = System.nanoTime() + wait.toNanos();
      Optional<Delivery> delivery = model.poll(lane, member, nowMs());
      while (delivery.isEmpty() && !woken.getAsBoolean() && System.nanoTime() < end) {
        changed.awaitNanos(untilLapse(end - System.nanoTime()));
        delivery = model.poll(lane, member, nowMs());
      }
      return delivery;
    } finally {
      lock.unlock();
    }
  }

  public Answer acknowledge(Lane lane, String member, long offset, Wish wish) {
    return with(m -> m.acknowledge(lane, member, offset, wish, nowMs()));
  }

  /// @return false when the group is full
  public boolean join() {
    return with(m -> {
      boolean room = members < maxMembers;
      members += room ? 1 : 0;
      return room;
    });
  }

  /// Ends a membership that [#join] began, and gives back what was held.
  public void leave(Lane lane, String member) {
    with(m -> {
      members--;
      m.leave(lane, member, nowMs());
      return members;
    });
  }

  public void wake() {
    with(m -> 0);
  }

  /// The broker stops and starts.
  public void restart() {
    with(m -> {
      m.restart(nowMs());
      return 0;
    });
  }

  /// Waits for dead letters.
  ///
  /// @param from how many to pass over
  public List<DeadLetter> awaitDeadLetters(int from, Duration wait) throws InterruptedException {
    lock.lock();
    try {
      long end = System.nanoTime() + wait.toNanos();
      while (model.deadLetters(from).isEmpty() && System.nanoTime() < end) {
        changed.awaitNanos(untilLapse(end - System.nanoTime()));
        model.tick(nowMs());
      }
      return model.deadLetters(from);
    } finally {
      lock.unlock();
    }
  }

  private <T> T with(Function<ShareQueueModel, T> change) {
    lock.lock();
    try {
      T result = change.apply(model);
      changed.signalAll();
      return result;
    } finally {
      lock.unlock();
    }
  }

  /// How long to sleep when nothing changes: until the next lock lapses, or the time is over.
  private long untilLapse(long nanos) {
    long lapseMs = model.nextLapseMs().orElse(Long.MAX_VALUE / 2) - nowMs();
    return Math.min(nanos, TimeUnit.MILLISECONDS.toNanos(Math.max(1, lapseMs)));
  }

  private static long nowMs() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }
}
