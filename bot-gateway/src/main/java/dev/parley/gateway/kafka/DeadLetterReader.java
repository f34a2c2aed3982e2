package dev.parley.gateway.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.gateway.dispatch.DeadLetterHandler;
import dev.parley.gateway.dispatch.DeadLetters;
import dev.parley.shared.kafka.Backoff;
import dev.parley.shared.kafka.KafkaTimes;
import dev.parley.shared.kafka.QueueNames;
import dev.parley.shared.turn.TurnRef;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The loop that hands dead letters over: an offset is committed when the handler has returned for
/// everything before it. While a handler fails the reader stays in its group, paused, and tries the
/// same letter again.
final class DeadLetterReader implements DeadLetters.Reading {
  private static final Logger log = LoggerFactory.getLogger(DeadLetterReader.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final String REASON_HEADER = "__dlq.errors.message";
  private static final String COUNT_HEADER = "__dlq.errors.delivery.count";

  private final Supplier<Consumer<byte[], byte[]>> factory;
  private final KafkaTimes times;
  private final DeadLetterHandler handler;
  private final MeterRegistry registry;
  private final Backoff backoff;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread = Thread.ofVirtual().name("dead-letters").unstarted(this::run);
  private volatile @Nullable Consumer<byte[], byte[]> polling;

  DeadLetterReader(
      Supplier<Consumer<byte[], byte[]>> factory,
      KafkaTimes times,
      DeadLetterHandler handler,
      MeterRegistry registry) {
    this.factory = factory;
    this.times = times;
    this.handler = handler;
    this.registry = registry;
    this.backoff = new Backoff(times);
  }

  void start() {
    thread.start();
  }

  @Override
  public void close() {
    closing.countDown();
    // A wakeup ends a poll quietly; an interrupted consumer logs an error as it leaves its group.
    Consumer<byte[], byte[]> consumer = polling;
    if (consumer != null) {
      consumer.wakeup();
    }
    try {
      if (!thread.join(POLL.plus(times.closeTimeout()))) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean open() {
    return closing.getCount() > 0;
  }

  private void run() {
    while (open()) {
      try {
        readUntilClosed();
      } catch (KafkaException e) {
        if (open()) {
          registry.counter("parley.dead.letter.reader.restarts").increment();
          log.warn("dead letters cannot be read, trying again: {}", e.getMessage());
          pause(backoff.failed());
        }
      }
    }
  }

  private void pause(Duration wait) {
    try {
      var _ = closing.await(wait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      // Only close() interrupts, after its patience; the loop then ends.
      Thread.currentThread().interrupt();
    }
  }

  private void readUntilClosed() {
    Consumer<byte[], byte[]> consumer = factory.get();
    polling = consumer;
    try {
      consumer.subscribe(List.of(QueueNames.DEAD_LETTERS));
      while (open()) {
        handle(consumer, consumer.poll(POLL));
      }
    } finally {
      polling = null;
      consumer.close(CloseOptions.timeout(times.closeTimeout()));
    }
  }

  private void handle(
      Consumer<byte[], byte[]> consumer, Iterable<ConsumerRecord<byte[], byte[]>> records) {
    for (ConsumerRecord<byte[], byte[]> record : records) {
      TopicPartition partition = new TopicPartition(record.topic(), record.partition());
      if (!handled(record)) {
        consumer.seek(partition, record.offset());
        waitInGroup(consumer, backoff.failed());
        return;
      }
      backoff.succeeded();
      consumer.commitSync(Map.of(partition, new OffsetAndMetadata(record.offset() + 1)));
    }
  }

  /// Keeps polling with everything paused: a consumer that stops polling is thrown out of its
  /// group.
  private void waitInGroup(Consumer<byte[], byte[]> consumer, Duration wait) {
    consumer.pause(consumer.assignment());
    try {
      consumer.poll(wait);
    } finally {
      consumer.resume(consumer.paused());
    }
  }

  private boolean handled(ConsumerRecord<byte[], byte[]> record) {
    Optional<TurnRef> turn = turn(record.key());
    if (turn.isEmpty()) {
      count("garbage");
      log.warn("dead letter {} names no turn; passed over", record.offset());
      return true;
    }
    byte[] value = record.value() == null ? new byte[0] : record.value();
    try {
      handler.deadLettered(turn.get(), value, reason(record));
      count("handled");
      return true;
    } catch (RuntimeException e) {
      // Whatever it is, the letter must not be passed over: its turn would end only at its
      // deadline.
      count("failed");
      log.warn("dead letter of turn {} could not be handled yet", turn.get(), e);
      return false;
    }
  }

  private void count(String result) {
    registry.counter("parley.dead.letters", "result", result).increment();
  }

  private static Optional<TurnRef> turn(byte @Nullable [] key) {
    if (key == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(TurnRef.parse(new String(key, UTF_8)));
    } catch (IllegalArgumentException e) {
      log.debug("a dead letter's key", e);
      return Optional.empty();
    }
  }

  private static String reason(ConsumerRecord<byte[], byte[]> record) {
    return header(record, REASON_HEADER).orElse("no reason given")
        + header(record, COUNT_HEADER).map(n -> " (deliveries: " + n + ")").orElse("");
  }

  private static Optional<String> header(ConsumerRecord<byte[], byte[]> record, String name) {
    return Optional.ofNullable(record.headers().lastHeader(name))
        .map(Header::value)
        .map(bytes -> new String(bytes, UTF_8));
  }
}
