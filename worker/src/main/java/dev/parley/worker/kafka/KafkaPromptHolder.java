package dev.parley.worker.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.parley.shared.kafka.Backoff;
import dev.parley.shared.kafka.KafkaTimes;
import dev.parley.shared.kafka.QueueNames;
import dev.parley.shared.wire.Lane;
import dev.parley.worker.intake.AckResult;
import dev.parley.worker.intake.HeldRecord;
import dev.parley.worker.intake.PromptHolder;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.GroupMaxSizeReachedException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidRecordStateException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One share consumer that holds one record.
///
/// A share consumer cannot keep one record and take part in polling for more, so a renewal is
/// three calls: acknowledge as RENEW, commit, and a short poll that hands the same record back.
/// When a renewal fails, the client has forgotten the record and would fetch another at its next
/// poll; the consumer is then closed at once, because one that is neither polled nor unsubscribed
/// may be given a record that nobody sees.
///
/// Only [#wakeup()] is thread-safe.
final class KafkaPromptHolder implements PromptHolder {
  private static final Logger log = LoggerFactory.getLogger(KafkaPromptHolder.class);

  /// How long a poll may wait for a renewed record, which is in the client already.
  private static final Duration HAND_BACK = Duration.ofMillis(10);

  /// A consumer that got no error for so long has been let into its group: longer than the
  /// broker's longest heartbeat interval.
  private static final Duration SETTLED = Duration.ofSeconds(15);

  private enum State {
    EMPTY,
    HOLDING,
    GONE
  }

  private final Lane lane;
  private final KafkaTimes times;
  private final Supplier<ShareConsumer<byte[], byte[]>> factory;
  private final HolderMeters meters;
  private final Consumer<String> trouble;
  private final Waker waker = new Waker();
  private final Backoff backoff;

  private State state = State.EMPTY;
  private @Nullable ShareConsumer<byte[], byte[]> consumer;
  private @Nullable ConsumerRecord<byte[], byte[]> held;
  private boolean subscribed;
  private boolean wakeupPending;
  private boolean troubled;
  private boolean closed;
  private long openedNanos;
  private long retryNanos;

  /// @param trouble is told what keeps this holder from getting prompts, and the empty text when
  ///     nothing does any more
  KafkaPromptHolder(
      Lane lane,
      KafkaTimes times,
      Supplier<ShareConsumer<byte[], byte[]>> factory,
      HolderMeters meters,
      Consumer<String> trouble) {
    this.lane = lane;
    this.times = times;
    this.factory = factory;
    this.meters = meters;
    this.trouble = trouble;
    this.backoff = new Backoff(times);
    this.retryNanos = System.nanoTime();
  }

  @Override
  public Optional<HeldRecord> poll(Duration wait) {
    requireNothingHeld("poll");
    state = State.EMPTY;
    Duration untilRetry = Duration.ofNanos(retryNanos - System.nanoTime());
    if (consumer == null && untilRetry.isPositive()) {
      waker.pause(wait.compareTo(untilRetry) < 0 ? wait : untilRetry);
      return Optional.empty();
    }
    try {
      Optional<ConsumerRecord<byte[], byte[]>> record = pollConsumer(subscribedConsumer(), wait);
      settle(record.isPresent());
      record.ifPresent(this::hold);
      return record.isPresent() && keepsHeld()
          ? Optional.of(describe(requireNonNull(held)))
          : Optional.empty();
    } catch (InterruptException e) {
      // The interrupt flag is set again; the caller sees it.
      return Optional.empty();
    } catch (KafkaException e) {
      restartLater(e);
      return Optional.empty();
    }
  }

  @Override
  public AckResult renew() {
    return switch (state) {
      case EMPTY -> throw new IllegalStateException("renew: no prompt is held");
      case GONE -> AckResult.LOST;
      case HOLDING -> renewHeld();
    };
  }

  @Override
  public void abandon() {
    if (state == State.HOLDING) {
      goneFromHere();
    }
  }

  @Override
  public AckResult accept() {
    return finish(AcknowledgeType.ACCEPT);
  }

  @Override
  public AckResult reject() {
    return finish(AcknowledgeType.REJECT);
  }

  @Override
  public AckResult release() {
    return finish(AcknowledgeType.RELEASE);
  }

  @Override
  public void idle() {
    requireNothingHeld("idle");
    state = State.EMPTY;
    // To unsubscribe is not enough: the broker would answer the open fetch with the next prompt,
    // and
    // this member would hold it unseen until the lock lapses. Closing waits for that fetch.
    closeConsumer(times.closeTimeout());
  }

  @Override
  public void wakeup() {
    waker.wakeup();
  }

  @Override
  public Optional<HeldRecord> drainAndClose(Duration limit) {
    Optional<HeldRecord> left = Optional.ofNullable(held).map(KafkaPromptHolder::describe);
    held = null;
    state = State.EMPTY;
    closed = true;
    closeConsumer(limit);
    tellTrouble("");
    return left;
  }

  @Override
  public void close() {
    drainAndClose(times.closeTimeout());
  }

  private void requireNothingHeld(String call) {
    if (closed) {
      throw new IllegalStateException(call + ": this holder is closed");
    }
    if (state == State.HOLDING) {
      throw new IllegalStateException(call + ": a prompt is held");
    }
  }

  // --- polling

  private ShareConsumer<byte[], byte[]> subscribedConsumer() {
    ShareConsumer<byte[], byte[]> open = consumer;
    if (open == null) {
      open = factory.get();
      consumer = open;
      openedNanos = System.nanoTime();
    }
    if (!subscribed) {
      open.subscribe(Set.of(QueueNames.promptTopic(lane)));
      subscribed = true;
    }
    return open;
  }

  private Optional<ConsumerRecord<byte[], byte[]>> pollConsumer(
      ShareConsumer<byte[], byte[]> open, Duration wait) {
    if (!waker.enterPoll(open::wakeup)) {
      return Optional.empty();
    }
    boolean woken = false;
    ConsumerRecords<byte[], byte[]> records = ConsumerRecords.empty();
    try {
      records = open.poll(wait);
    } catch (WakeupException e) {
      woken = true;
    } finally {
      wakeupPending = waker.leavePoll() && !woken;
    }
    return onlyOne(open, records.isEmpty() ? swallowWakeup(open) : records);
  }

  /// A wakeup that came when the poll was over already would tear the next call: another poll takes it. Or
  /// it brings a record, when the one before had taken the wakeup after all.
  private ConsumerRecords<byte[], byte[]> swallowWakeup(ShareConsumer<byte[], byte[]> open) {
    if (wakeupPending) {
      wakeupPending = false;
      try {
        return open.poll(Duration.ZERO);
      } catch (WakeupException e) {
        log.trace("{}: a late wakeup", lane);
      }
    }
    return ConsumerRecords.empty();
  }

  /// A wakeup that came when the poll had its record already would tear the next acknowledgement, and no poll
  /// takes it while a record is held. So one is torn that matters little: of the record's lock a renewal, after
  /// which it comes again.
  ///
  /// @return whether the record is still held
  private boolean keepsHeld() {
    if (!wakeupPending) {
      return true;
    }
    wakeupPending = false;
    if (send(AcknowledgeType.RENEW) != AckResult.LOST && handedBack()) {
      return true;
    }
    goneFromHere();
    state = State.EMPTY;
    return false;
  }

  private static Optional<ConsumerRecord<byte[], byte[]>> onlyOne(
      ShareConsumer<byte[], byte[]> open, ConsumerRecords<byte[], byte[]> records) {
    Iterator<ConsumerRecord<byte[], byte[]>> all = records.iterator();
    if (!all.hasNext()) {
      return Optional.empty();
    }
    ConsumerRecord<byte[], byte[]> first = all.next();
    // The client is told to fetch single records. Were it to bring more, the others must not be
    // held unseen.
    all.forEachRemaining(other -> open.acknowledge(other, AcknowledgeType.RELEASE));
    return Optional.of(first);
  }

  private void hold(ConsumerRecord<byte[], byte[]> record) {
    held = record;
    state = State.HOLDING;
  }

  private static HeldRecord describe(ConsumerRecord<byte[], byte[]> record) {
    byte[] key = record.key() == null ? new byte[0] : record.key();
    byte[] value = record.value() == null ? new byte[0] : record.value();
    int deliveries = record.deliveryCount().map(Short::intValue).orElse(1);
    return new HeldRecord(
        new String(key, UTF_8), value, deliveries, record.offset(), record.timestamp());
  }

  private void settle(boolean gotRecord) {
    if (gotRecord || System.nanoTime() - openedNanos > SETTLED.toNanos()) {
      backoff.succeeded();
      tellTrouble("");
    }
  }

  /// A consumer that threw may stay silent for ever after (one that found its group full does), so
  /// it is replaced.
  private void restartLater(KafkaException error) {
    Duration wait = backoff.failed();
    String reason = error.getClass().getSimpleName();
    meters.restarted(lane, reason);
    log.warn("{}: {}; a new consumer in {}", lane, error.getMessage(), wait);
    tellTrouble(
        error instanceof GroupMaxSizeReachedException
            ? "share group %s is full: raise the broker's group.share.max.size or run fewer holders"
                .formatted(QueueNames.shareGroup(lane))
            : "share group %s: %s".formatted(QueueNames.shareGroup(lane), error.getMessage()));
    closeConsumer(times.closeTimeout());
    retryNanos = System.nanoTime() + wait.toNanos();
  }

  private void tellTrouble(String text) {
    if (troubled || !text.isEmpty()) {
      troubled = !text.isEmpty();
      trouble.accept(text);
    }
  }

  // --- acknowledging

  private AckResult renewHeld() {
    AckResult result = send(AcknowledgeType.RENEW);
    if (result == AckResult.CONFIRMED && !handedBack()) {
      result = AckResult.UNKNOWN;
    }
    if (result != AckResult.CONFIRMED) {
      goneFromHere();
    }
    meters.acknowledged(lane, "renew", result);
    return result;
  }

  private void goneFromHere() {
    held = null;
    state = State.GONE;
    closeConsumer(times.closeTimeout());
  }

  private boolean handedBack() {
    ShareConsumer<byte[], byte[]> open = requireNonNull(consumer);
    long offset = requireNonNull(held).offset();
    long end = System.nanoTime() + times.ackTimeout().toNanos();
    try {
      ConsumerRecords<byte[], byte[]> records = open.poll(HAND_BACK);
      while (records.isEmpty() && System.nanoTime() < end) {
        records = open.poll(HAND_BACK);
      }
      held = onlyOne(open, records).orElse(null);
      return held != null && requireNonNull(held).offset() == offset;
    } catch (KafkaException e) {
      log.debug("{}: renewed record {} did not come back", lane, offset, e);
      return false;
    }
  }

  private AckResult finish(AcknowledgeType type) {
    AckResult result =
        switch (state) {
          case EMPTY -> throw new IllegalStateException(type + ": no prompt was polled");
          case GONE -> AckResult.LOST;
          case HOLDING -> send(type);
        };
    held = null;
    state = State.EMPTY;
    meters.acknowledged(lane, type.toString(), result);
    return result;
  }

  private AckResult send(AcknowledgeType type) {
    ShareConsumer<byte[], byte[]> open = requireNonNull(consumer);
    try {
      open.acknowledge(requireNonNull(held), type);
      return outcome(open.commitSync(times.ackTimeout()));
    } catch (KafkaException e) {
      log.debug("{}: no answer to {}", lane, type, e);
      return AckResult.UNKNOWN;
    }
  }

  /// Errors come in the map; nothing is thrown for them.
  private AckResult outcome(Map<TopicIdPartition, Optional<KafkaException>> answers) {
    AckResult result = answers.isEmpty() ? AckResult.UNKNOWN : AckResult.CONFIRMED;
    for (Optional<KafkaException> answer : answers.values()) {
      if (answer.isPresent()) {
        log.debug("{}: acknowledgement failed", lane, answer.get());
        boolean lost = answer.get() instanceof InvalidRecordStateException;
        result = lost ? AckResult.LOST : AckResult.UNKNOWN;
      }
    }
    return result;
  }

  // --- closing

  private void closeConsumer(Duration limit) {
    ShareConsumer<byte[], byte[]> open = consumer;
    consumer = null;
    subscribed = false;
    wakeupPending = false;
    if (open == null) {
      return;
    }
    try {
      open.close(limit);
    } catch (KafkaException e) {
      // The broker takes back what a vanished consumer held.
      log.debug("{}: consumer did not close in good order", lane, e);
    }
  }
}
