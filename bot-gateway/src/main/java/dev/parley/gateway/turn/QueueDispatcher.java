package dev.parley.gateway.turn;

import dev.parley.gateway.dispatch.ProduceResult;
import dev.parley.gateway.dispatch.PromptSink;
import dev.parley.shared.runtime.Threads;
import dev.parley.shared.wire.Prompt;
import dev.parley.shared.wire.Wire;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Encodes prompts and gives them to the queue on virtual threads, and brings the outcome back to the
/// loop.
public final class QueueDispatcher implements Dispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(QueueDispatcher.class);

  private final PromptSink sink;
  private final Consumer<Runnable> mailbox;
  private final ThreadFactory threads = Threads.virtual("dispatch");

  /// @param mailbox runs what it is given on the loop's thread
  public QueueDispatcher(PromptSink sink, Consumer<Runnable> mailbox) {
    this.sink = sink;
    this.mailbox = mailbox;
  }

  @Override
  public void produce(Prompt prompt, Consumer<ProduceResult> then) {
    threads
        .newThread(() -> {
          ProduceResult result = produce(prompt);
          mailbox.accept(() -> then.accept(result));
        })
        .start();
  }

  private ProduceResult produce(Prompt prompt) {
    try {
      ProduceResult result =
          sink.produce(prompt.request().lane(), prompt.key(), Wire.encodePrompt(prompt)).join();
      report(prompt, result);
      return result;
    } catch (RuntimeException e) {
      // A bug in an adapter: without an answer the turn would hang past its deadline.
      LOG.error("producing turnId={} failed", prompt.ref().turnId(), e);
      return ProduceResult.UNKNOWN;
    }
  }

  private static void report(Prompt prompt, ProduceResult result) {
    switch (result) {
      case PRODUCED -> {}
      case UNKNOWN -> LOG.warn("produced with unknown outcome turnId={}", prompt.ref().turnId());
      case REFUSED -> LOG.warn("the queue refuses turnId={}", prompt.ref().turnId());
    }
  }
}
