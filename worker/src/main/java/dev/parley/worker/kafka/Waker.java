package dev.parley.worker.kafka;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Ends a wait from another thread, and only a wait. A consumer's own `wakeup` lies in wait for
/// whatever call comes next, and would tear an acknowledgement out of its answer; so it is called
/// only while the holder's thread is in a poll, and one that came too late is swallowed there.
final class Waker {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition requested = lock.newCondition();
  private boolean request;
  private boolean late;
  private Runnable interruptPoll = () -> {};

  /// From any thread.
  void wakeup() {
    lock.lock();
    try {
      request = true;
      late = true;
      interruptPoll.run();
      requested.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// @param interrupt ends the poll that comes now
  /// @return false when a request was waiting: no poll then
  boolean enterPoll(Runnable interrupt) {
    lock.lock();
    try {
      if (request) {
        request = false;
        return false;
      }
      late = false;
      interruptPoll = interrupt;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// @return whether the poll was interrupted between [#enterPoll] and now
  boolean leavePoll() {
    lock.lock();
    try {
      interruptPoll = () -> {};
      request = false;
      return late;
    } finally {
      lock.unlock();
    }
  }

  /// Waits without a poll.
  void pause(Duration wait) {
    lock.lock();
    try {
      long left = wait.toNanos();
      while (!request && left > 0) {
        left = requested.awaitNanos(left);
      }
      request = false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
