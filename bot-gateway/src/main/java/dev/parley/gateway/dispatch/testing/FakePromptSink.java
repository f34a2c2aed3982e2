package dev.parley.gateway.dispatch.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.gateway.dispatch.ProduceResult;
import dev.parley.gateway.dispatch.PromptSink;
import dev.parley.shared.testing.FakePromptQueue;
import dev.parley.shared.wire.Lane;
import java.util.concurrent.CompletableFuture;

/// Produces into a [FakePromptQueue].
public final class FakePromptSink implements PromptSink {
  /// How the next prompts fare.
  public enum Mood {
    WELL,
    /// They arrive, and the answer is lost.
    ANSWER_LOST,
    /// They do not arrive, and nobody can tell.
    LOST
  }

  private final FakePromptQueue queue;
  private final int maxRecordBytes;
  private volatile Mood mood = Mood.WELL;
  private volatile boolean closed;

  public FakePromptSink(FakePromptQueue queue, int maxRecordBytes) {
    this.queue = queue;
    this.maxRecordBytes = maxRecordBytes;
  }

  public void setMood(Mood value) {
    mood = value;
  }

  @Override
  public CompletableFuture<ProduceResult> produce(Lane lane, String key, byte[] value) {
    return CompletableFuture.completedFuture(produceNow(lane, key, value));
  }

  @Override
  public void close() {
    closed = true;
  }

  private ProduceResult produceNow(Lane lane, String key, byte[] value) {
    if (closed) {
      return ProduceResult.UNKNOWN;
    }
    if (key.getBytes(UTF_8).length + value.length > maxRecordBytes) {
      return ProduceResult.REFUSED;
    }
    return switch (mood) {
      case WELL -> {
        queue.produce(lane, key, value);
        yield ProduceResult.PRODUCED;
      }
      case ANSWER_LOST -> {
        queue.produce(lane, key, value);
        yield ProduceResult.UNKNOWN;
      }
      case LOST -> ProduceResult.UNKNOWN;
    };
  }
}
