package dev.parley.shared.kafka;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the answer to "can the queue be used?" current for readiness: provisions at start, tries
/// again with growing waits while Kafka does not answer or is set up wrong, and looks again now
/// and then once it is ready. One virtual thread; logs changes of the answer only.
public final class QueueWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(QueueWatch.class);

  private final KafkaProvisioner provisioner;
  private final Backoff backoff;
  private final Duration recheck;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread;
  private QueueCheck state = new QueueCheck.Unreachable("not asked yet");
  private boolean closed;

  /// @param recheck between two looks at a queue that is ready
  public QueueWatch(KafkaProvisioner provisioner, KafkaTimes times, Duration recheck) {
    this.provisioner = provisioner;
    this.backoff = new Backoff(times);
    this.recheck = recheck;
    this.thread = Thread.ofVirtual().name("queue-watch").unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  public QueueCheck state() {
    lock.lock();
    try {
      return state;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until the queue is ready.
  ///
  /// @return the last answer, ready or not
  public QueueCheck awaitReady(Duration wait) throws InterruptedException {
    lock.lock();
    try {
      long left = wait.toNanos();
      while (!state.ready() && !closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      return state;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    thread.interrupt();
  }

  private void run() {
    boolean open = true;
    while (open) {
      QueueCheck answer = state().ready() ? provisioner.check() : provisioner.provision();
      open = publishAndWait(answer);
    }
  }

  private boolean publishAndWait(QueueCheck answer) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      report(answer);
      state = answer;
      changed.signalAll();
      long left = (answer.ready() ? recheck : backoff.failed()).toNanos();
      while (!closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      return !closed;
    } catch (InterruptedException e) {
      // Only close() interrupts this thread, which ends here.
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void report(QueueCheck answer) {
    if (answer.equals(state)) {
      return;
    }
    if (answer.ready()) {
      backoff.succeeded();
      log.info("Kafka is ready");
    } else {
      log.warn("{}; trying again", answer.describe());
    }
  }
}
