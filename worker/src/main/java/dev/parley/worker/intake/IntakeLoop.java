package dev.parley.worker.intake;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The thread that owns all held prompts, and its mailbox. A turn of the loop: everything that has
/// arrived, then what is due.
final class IntakeLoop {

  /// Tasks that may wait. Far above what can be under way (four calls a held prompt and one task an
  /// engine step); when it is reached all the same, who posts waits.
  private static final int MAILBOX_TASKS = 65_536;

  private static final long OFFER_MS = 1_000;
  private static final long LONGEST_WAIT_MS = 10_000;
  private static final Duration LAST_TURN = Duration.ofSeconds(1);

  private final BlockingQueue<Runnable> mailbox = new LinkedBlockingQueue<>(MAILBOX_TASKS);
  private final LongSupplier nowMs;
  private final LongSupplier act;
  private final Consumer<Throwable> broken;
  private final Thread thread;
  private volatile boolean open = true;

  /// @param act does what is due, and says when it wants to be called next, ms
  /// @param broken is told what ended the loop when it should not have ended
  IntakeLoop(LongSupplier nowMs, LongSupplier act, Consumer<Throwable> broken) {
    this.nowMs = nowMs;
    this.act = act;
    this.broken = broken;
    this.thread = Thread.ofPlatform().name("intake").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /// Runs the task on the loop's thread, later. From any thread but the loop's own.
  void post(Runnable task) {
    boolean interrupted = false;
    boolean taken = false;
    while (open && !taken) {
      try {
        taken = mailbox.offer(task, OFFER_MS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Ends the loop and waits for the turn under way; later tasks are dropped.
  void close() {
    open = false;
    thread.interrupt();
    try {
      thread.join(LAST_TURN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    List<Runnable> tasks = new ArrayList<>();
    try {
      long nextMs = nowMs.getAsLong();
      while (open) {
        Runnable first = await(nextMs);
        if (first != null) {
          tasks.add(first);
        }
        mailbox.drainTo(tasks);
        tasks.forEach(Runnable::run);
        tasks.clear();
        nextMs = open ? act.getAsLong() : nextMs;
      }
    } catch (RuntimeException | Error e) {
      broken.accept(e);
    }
  }

  private @Nullable Runnable await(long nextMs) {
    long waitMs = Math.clamp(nextMs - nowMs.getAsLong(), 0, LONGEST_WAIT_MS);
    try {
      return mailbox.poll(waitMs, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      // Only close() interrupts this thread; `open` is false by then.
      return null;
    }
  }
}
