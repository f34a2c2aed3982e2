package dev.parley.gateway.dispatch.testing;

import dev.parley.gateway.dispatch.DeadLetterHandler;
import dev.parley.gateway.dispatch.DeadLetters;
import dev.parley.shared.testing.FakePromptQueue;
import dev.parley.shared.testing.ShareQueueModel.DeadLetter;
import dev.parley.shared.turn.TurnRef;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/// Hands over the dead letters of a [FakePromptQueue]. The place in the list is kept for the next
/// reader; of several readers one is served at a time.
public final class FakeDeadLetters implements DeadLetters {
  private static final Duration POLL = Duration.ofMillis(20);

  private final FakePromptQueue queue;
  private final AtomicInteger committed = new AtomicInteger();
  private final ReentrantLock turn = new ReentrantLock();

  public FakeDeadLetters(FakePromptQueue queue) {
    this.queue = queue;
  }

  @Override
  public Reading read(DeadLetterHandler handler) {
    Thread thread = Thread.ofVirtual().name("fake-dead-letters").start(() -> run(handler));
    return () -> {
      thread.interrupt();
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    };
  }

  private void run(DeadLetterHandler handler) {
    try {
      turn.lockInterruptibly();
      try {
        while (!Thread.currentThread().isInterrupted()) {
          for (DeadLetter letter : queue.awaitDeadLetters(committed.get(), POLL)) {
            if (!handled(letter, handler)) {
              break;
            }
            committed.incrementAndGet();
          }
        }
      } finally {
        turn.unlock();
      }
    } catch (InterruptedException e) {
      // Closing is an interrupt; the thread ends here.
      Thread.currentThread().interrupt();
    }
  }

  private static boolean handled(DeadLetter letter, DeadLetterHandler handler) {
    Optional<TurnRef> ref = turn(letter.key());
    if (ref.isEmpty()) {
      return true;
    }
    try {
      handler.deadLettered(ref.get(), letter.value(), letter.reason());
      return true;
    } catch (RuntimeException e) {
      // Tried again, as the real reader does.
      return false;
    }
  }

  private static Optional<TurnRef> turn(String key) {
    try {
      return Optional.of(TurnRef.parse(key));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
