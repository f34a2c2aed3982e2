package dev.parley.gateway;

import dev.parley.gateway.dispatch.DeadLetterHandler;
import dev.parley.gateway.dispatch.DeadLetters;
import dev.parley.shared.kafka.QueueWatch;
import dev.parley.shared.runtime.Threads;
import java.time.Duration;
import java.util.Optional;

/// Begins to read dead letters once the queue is ready: a reader that came first would make the broker
/// create the topic in its own way.
final class DeadLetterDuty implements AutoCloseable {
  private static final Duration LOOK = Duration.ofSeconds(5);

  private final QueueWatch queue;
  private final DeadLetters letters;
  private final DeadLetterHandler handler;
  private final Thread starter;
  private Optional<DeadLetters.Reading> reading = Optional.empty();
  private boolean closed;

  DeadLetterDuty(QueueWatch queue, DeadLetters letters, DeadLetterHandler handler) {
    this.queue = queue;
    this.letters = letters;
    this.handler = handler;
    this.starter = Threads.start("dead-letter-starter", this::run);
  }

  private void run() {
    try {
      boolean ready = false;
      while (!ready && !isClosed()) {
        ready = queue.awaitReady(LOOK).ready();
      }
      read(ready);
    } catch (InterruptedException e) {
      // Only close() interrupts.
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void read(boolean ready) {
    if (ready && !closed) {
      reading = Optional.of(letters.read(handler));
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  @Override
  public synchronized void close() {
    closed = true;
    starter.interrupt();
    reading.ifPresent(DeadLetters.Reading::close);
  }
}
