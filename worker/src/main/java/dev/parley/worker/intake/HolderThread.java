package dev.parley.worker.intake;

import dev.parley.shared.runtime.Threads;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.Prompt;
import dev.parley.shared.wire.Wire;
import dev.parley.shared.wire.WireException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The thread of one [PromptHolder]: polls while it should, hands what it got to the loop, and does
/// with it what the loop says.
///
/// ```
///   IDLE <--wish--> POLLING --record--> HOLDING --Free--> POLLING or IDLE
///     +----------------+-------wish------------> closed
/// ```
final class HolderThread {
  private static final Logger LOG = LoggerFactory.getLogger(HolderThread.class);

  /// How long one poll waits for a record; a wish ends it at once.
  private static final Duration POLL = Duration.ofSeconds(1);

  private static final Duration CLOSE_LIMIT = Duration.ofMillis(500);

  /// What the loop wants of a holder that holds nothing.
  enum Wish {
    POLL,
    IDLE,
    CLOSE
  }

  /// What a holder tells, on its own thread.
  interface Events {
    void taken(HolderThread holder, Prompt prompt, HeldRecord record);

    void rejected(HeldRecord record, AckResult result, WireException why);

    void closed(HolderThread holder);

    /// A fault of our own has ended this holder: what it held would be nobody's.
    void broken(RuntimeException fault);

    /// Runs the task on the loop's thread.
    void post(Runnable task);
  }

  private sealed interface Command {
    record Renew(Consumer<AckResult> then) implements Command {}

    record Abandon() implements Command {}

    record Acknowledge(boolean accept, Consumer<AckResult> then) implements Command {}

    record Free() implements Command {}
  }

  private final Lane lane;
  private final PromptHolder holder;
  private final Events events;
  private final Thread thread;

  /// At most a renewal, the letting go, an acknowledgement and the end of one held prompt.
  private final BlockingQueue<Command> commands = new LinkedBlockingQueue<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Wish wish = Wish.IDLE;

  HolderThread(PromptSource source, Lane lane, String name, Events events) {
    this.lane = lane;
    this.holder = source.open(lane, name);
    this.events = events;
    // A share consumer's poll may spin (4.4.0, seen with 64 of them on two cores): virtual threads
    // that spin leave
    // no carrier to the others, and no prompt is ever taken.
    this.thread = Threads.platform(name, this::run);
  }

  void start() {
    thread.start();
  }

  Lane lane() {
    return lane;
  }

  /// What to do when nothing is held.
  void wish(Wish now) {
    lock.lock();
    try {
      if (wish == now || wish == Wish.CLOSE) {
        return;
      }
      wish = now;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (now != Wish.POLL) {
      holder.wakeup();
    }
  }

  void renew(Consumer<AckResult> then) {
    commands.add(new Command.Renew(then));
  }

  /// Lets go of what is held, without a word to the queue.
  void abandon() {
    commands.add(new Command.Abandon());
  }

  void acknowledge(boolean accept, Consumer<AckResult> then) {
    commands.add(new Command.Acknowledge(accept, then));
  }

  /// Nothing is held any more.
  void free() {
    commands.add(new Command.Free());
  }

  /// Closes without waiting for what is held: it is given back.
  void abort() {
    wish(Wish.CLOSE);
    thread.interrupt();
  }

  private void run() {
    try {
      for (Wish now = next(); now != Wish.CLOSE; now = next()) {
        var record = holder.poll(POLL);
        if (record.isPresent()) {
          serve(record.get());
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("a holder ends with what it holds");
    } catch (RuntimeException e) {
      events.broken(e);
    } finally {
      holder.drainAndClose(CLOSE_LIMIT).ifPresent(left -> LOG.info("gave back {}", left));
      events.closed(this);
    }
  }

  private Wish next() throws InterruptedException {
    if (current() == Wish.IDLE) {
      holder.idle();
    }
    lock.lock();
    try {
      while (wish == Wish.IDLE) {
        changed.await();
      }
      return wish;
    } finally {
      lock.unlock();
    }
  }

  private Wish current() {
    lock.lock();
    try {
      return wish;
    } finally {
      lock.unlock();
    }
  }

  private void serve(HeldRecord record) throws InterruptedException {
    Prompt prompt;
    try {
      prompt = Wire.decodePrompt(record.value());
    } catch (WireException e) {
      events.rejected(record, holder.reject(), e);
      return;
    }
    events.taken(this, prompt, record);
    while (obey(commands.take())) {
      LOG.trace("still holding {}", record);
    }
  }

  /// Returns whether the prompt is still held.
  private boolean obey(Command command) {
    return switch (command) {
      case Command.Renew renew -> {
        AckResult result = holder.renew();
        events.post(() -> renew.then().accept(result));
        yield true;
      }
      case Command.Abandon abandon -> {
        holder.abandon();
        yield true;
      }
      case Command.Acknowledge end -> {
        AckResult result = end.accept() ? holder.accept() : holder.release();
        events.post(() -> end.then().accept(result));
        yield true;
      }
      case Command.Free free -> false;
    };
  }
}
