package dev.parley.gateway;

import dev.parley.gateway.dispatch.ProduceResult;
import dev.parley.gateway.dispatch.PromptSink;
import dev.parley.shared.wire.Lane;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A sink that is made when it is first needed, and again until that works: a producer cannot be made
/// while the name of its broker does not resolve, and a gateway must start without its broker.
///
/// Making it may block, so `produce` is called on virtual threads only.
final class LazyPromptSink implements PromptSink {
  private static final Logger LOG = LoggerFactory.getLogger(LazyPromptSink.class);

  private final Supplier<PromptSink> factory;
  private final ReentrantLock lock = new ReentrantLock();
  private Optional<PromptSink> sink = Optional.empty();
  private boolean closed;

  LazyPromptSink(Supplier<PromptSink> factory) {
    this.factory = factory;
  }

  @Override
  public CompletableFuture<ProduceResult> produce(Lane lane, String key, byte[] value) {
    PromptSink ready;
    try {
      ready = sink();
    } catch (KafkaException e) {
      LOG.warn("no prompt can be produced: {}", e.getMessage());
      return CompletableFuture.completedFuture(ProduceResult.UNKNOWN);
    }
    return ready.produce(lane, key, value);
  }

  /// Makes it now, if that works: the first prompt need not wait for it.
  ///
  /// @return whether it is there
  boolean warm() {
    try {
      var _ = sink();
      return true;
    } catch (KafkaException e) {
      LOG.debug("no producer yet", e);
      return false;
    }
  }

  private PromptSink sink() {
    lock.lock();
    try {
      if (closed) {
        throw new KafkaException("the gateway is stopping");
      }
      PromptSink ready = sink.orElseGet(factory);
      sink = Optional.of(ready);
      return ready;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      sink.ifPresent(PromptSink::close);
      sink = Optional.empty();
    } finally {
      lock.unlock();
    }
  }
}
