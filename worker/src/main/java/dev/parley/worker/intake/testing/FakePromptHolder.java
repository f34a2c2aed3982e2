package dev.parley.worker.intake.testing;

import dev.parley.shared.testing.FakePromptQueue;
import dev.parley.shared.testing.ShareQueueModel.Delivery;
import dev.parley.shared.testing.ShareQueueModel.Wish;
import dev.parley.shared.wire.Lane;
import dev.parley.worker.intake.AckResult;
import dev.parley.worker.intake.HeldRecord;
import dev.parley.worker.intake.PromptHolder;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// A member of the fake queue; each time it begins anew it is another member, as a new consumer is.
final class FakePromptHolder implements PromptHolder {
  private enum State {
    EMPTY,
    HOLDING,
    GONE
  }

  private final FakePromptQueue queue;
  private final Lane lane;
  private final Supplier<String> names;
  private final Consumer<String> trouble;
  private final AtomicBoolean woken = new AtomicBoolean();

  private State state = State.EMPTY;
  private Optional<HeldRecord> held = Optional.empty();

  /// Empty while this holder takes no part.
  private String member = "";

  private boolean closed;

  FakePromptHolder(
      FakePromptQueue queue, Lane lane, Supplier<String> names, Consumer<String> trouble) {
    this.queue = queue;
    this.lane = lane;
    this.names = names;
    this.trouble = trouble;
  }

  @Override
  public Optional<HeldRecord> poll(Duration wait) {
    requireNothingHeld("poll");
    state = State.EMPTY;
    if (member.isEmpty() && !join()) {
      return Optional.empty();
    }
    try {
      held = queue.poll(lane, member, wait, woken::get).map(FakePromptHolder::describe);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    woken.set(false);
    state = held.isPresent() ? State.HOLDING : State.EMPTY;
    return held;
  }

  @Override
  public AckResult renew() {
    AckResult result = send(Wish.RENEW);
    if (result != AckResult.CONFIRMED) {
      goneFromHere();
    }
    return result;
  }

  @Override
  public void abandon() {
    if (state == State.HOLDING) {
      goneFromHere();
    }
  }

  private void goneFromHere() {
    held = Optional.empty();
    state = State.GONE;
    leave();
  }

  @Override
  public AckResult accept() {
    return finish(Wish.ACCEPT);
  }

  @Override
  public AckResult reject() {
    return finish(Wish.REJECT);
  }

  @Override
  public AckResult release() {
    return finish(Wish.RELEASE);
  }

  @Override
  public void idle() {
    requireNothingHeld("idle");
    state = State.EMPTY;
    leave();
  }

  @Override
  public void wakeup() {
    woken.set(true);
    queue.wake();
  }

  @Override
  public Optional<HeldRecord> drainAndClose(Duration limit) {
    Optional<HeldRecord> left = held;
    held = Optional.empty();
    state = State.EMPTY;
    closed = true;
    leave();
    trouble.accept("");
    return left;
  }

  @Override
  public void close() {
    drainAndClose(Duration.ZERO);
  }

  private void requireNothingHeld(String call) {
    if (closed) {
      throw new IllegalStateException(call + ": this holder is closed");
    }
    if (state == State.HOLDING) {
      throw new IllegalStateException(call + ": a prompt is held");
    }
  }

  private boolean join() {
    boolean joined = queue.join();
    if (joined) {
      member = names.get();
    }
    trouble.accept(joined ? "" : "the group is full");
    return joined;
  }

  private void leave() {
    if (!member.isEmpty()) {
      queue.leave(lane, member);
      member = "";
    }
  }

  private AckResult finish(Wish wish) {
    AckResult result = send(wish);
    held = Optional.empty();
    state = State.EMPTY;
    return result;
  }

  private AckResult send(Wish wish) {
    return switch (state) {
      case EMPTY -> throw new IllegalStateException(wish + ": no prompt was polled");
      case GONE -> AckResult.LOST;
      case HOLDING ->
          switch (queue.acknowledge(lane, member, held.orElseThrow().offset(), wish)) {
            case DONE -> AckResult.CONFIRMED;
            case INVALID_STATE -> AckResult.LOST;
            case NO_SESSION -> AckResult.UNKNOWN;
          };
    };
  }

  private static HeldRecord describe(Delivery delivery) {
    return new HeldRecord(
        delivery.key(),
        delivery.value(),
        delivery.deliveryCount(),
        delivery.offset(),
        delivery.timestampMs());
  }
}
