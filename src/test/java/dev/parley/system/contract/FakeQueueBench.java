package dev.parley.system.contract;

import dev.parley.gateway.dispatch.DeadLetters;
import dev.parley.gateway.dispatch.PromptSink;
import dev.parley.gateway.dispatch.testing.FakeDeadLetters;
import dev.parley.gateway.dispatch.testing.FakePromptSink;
import dev.parley.shared.testing.FakePromptQueue;
import dev.parley.shared.testing.ShareQueueModel;
import dev.parley.worker.intake.PromptSource;
import dev.parley.worker.intake.testing.FakePromptSource;
import java.time.Duration;

/// The queue in memory.
final class FakeQueueBench implements QueueBench {
  private static final Duration LOCK = Duration.ofSeconds(1);

  private final FakePromptQueue queue =
      new FakePromptQueue(
          new ShareQueueModel.Limits(LOCK.toMillis(), DELIVERY_LIMIT, 100), MAX_MEMBERS);
  private final FakePromptSource source = new FakePromptSource(queue);
  private final FakePromptSink sink = new FakePromptSink(queue, MAX_RECORD_BYTES);
  private final FakeDeadLetters deadLetters = new FakeDeadLetters(queue);

  @Override
  public PromptSource source() {
    return source;
  }

  @Override
  public PromptSink sink() {
    return sink;
  }

  @Override
  public DeadLetters deadLetters() {
    return deadLetters;
  }

  @Override
  public Duration lock() {
    return LOCK;
  }

  @Override
  public void stopBroker() {
    sink.setMood(FakePromptSink.Mood.LOST);
  }

  @Override
  public void startBroker() {
    queue.restart();
    sink.setMood(FakePromptSink.Mood.WELL);
  }

  @Override
  public void close() {
    sink.close();
  }
}
