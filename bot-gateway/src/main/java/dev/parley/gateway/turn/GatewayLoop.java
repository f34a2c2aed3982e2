package dev.parley.gateway.turn;

import dev.parley.shared.runtime.Threads;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that owns a gateway's turns. Others reach them by tasks in its bounded mailbox; the
/// thread itself never waits for anything but its mailbox and the next tick.
///
/// A task that throws is a bug: it is logged and the next one runs, because every other turn of this
/// gateway depends on that.
public final class GatewayLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayLoop.class);

  /// Tasks that wait before whoever brings another has to.
  static final int MAILBOX_TASKS = 65_536;

  /// Tasks taken at once: between two batches the time is looked at.
  private static final int BATCH_TASKS = 1_024;

  /// Longest wait for the last batch at the stop.
  private static final Duration STOP = Duration.ofSeconds(5);

  private final BlockingQueue<Runnable> mailbox;

  /// Tasks that the thread gave itself: it must not wait for room that only it can make.
  private final Deque<Runnable> own = new ArrayDeque<>();

  private volatile @Nullable Thread thread;
  private volatile boolean open = true;

  public GatewayLoop() {
    this(MAILBOX_TASKS);
  }

  GatewayLoop(int mailboxTasks) {
    mailbox = new LinkedBlockingQueue<>(mailboxTasks);
  }

  /// Begins to run tasks.
  ///
  /// @param tick run every [TurnOwner#TICK_MS]
  public void start(Runnable tick) {
    thread = Threads.startPlatform("gateway-loop", () -> run(tick));
  }

  /// Runs the task on the loop's thread, later. Waits while the mailbox is full. After the stop it
  /// does nothing.
  public void post(Runnable task) {
    if (Thread.currentThread() == thread) {
      own.addLast(task);
      return;
    }
    try {
      boolean taken = false;
      while (open && !taken) {
        taken = mailbox.offer(task, TurnOwner.TICK_MS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Tasks that wait.
  public int waiting() {
    return mailbox.size();
  }

  /// Ends the thread after the batch that it runs.
  @Override
  public void close() {
    open = false;
    Thread running = thread;
    if (running == null || running == Thread.currentThread()) {
      return;
    }
    try {
      if (!running.join(STOP)) {
        LOG.warn("the gateway's loop did not end within {} s", STOP.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(Runnable tick) {
    thread = Thread.currentThread();
    long tickNanos = TimeUnit.MILLISECONDS.toNanos(TurnOwner.TICK_MS);
    long next = System.nanoTime();
    List<Runnable> batch = new ArrayList<>(BATCH_TASKS);
    try {
      while (open) {
        take(batch, next - System.nanoTime());
        batch.forEach(this::guarded);
        batch.clear();
        if (System.nanoTime() - next >= 0) {
          guarded(tick);
          next = System.nanoTime() + tickNanos;
        }
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread in good order, and without it nothing works.
      LOG.error("the gateway's loop was interrupted and ends", e);
    }
  }

  private void take(List<Runnable> batch, long waitNanos) throws InterruptedException {
    Runnable first = mailbox.poll(Math.max(0, waitNanos), TimeUnit.NANOSECONDS);
    if (first != null) {
      batch.add(first);
      mailbox.drainTo(batch, BATCH_TASKS - 1);
    }
  }

  private void guarded(Runnable task) {
    for (Runnable next = task; next != null; next = own.pollFirst()) {
      try {
        next.run();
      } catch (RuntimeException e) {
        LOG.error("a task of the gateway's loop failed", e);
      }
    }
  }
}
