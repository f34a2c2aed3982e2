package dev.parley.worker.intake;

import dev.parley.shared.testing.FakeTurnStore;
import dev.parley.shared.turn.StoreUnavailable;
import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.wire.ChannelMessage;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// A [FakeTurnStore] that several threads may use, that can be away, and that tells workers what is
/// published for them.
final class TestStore {
  private final ReentrantLock lock = new ReentrantLock();
  private final FakeTurnStore fake;
  private final Map<String, Consumer<ChannelMessage>> workers = new ConcurrentHashMap<>();
  private final AtomicInteger refused = new AtomicInteger();
  private volatile boolean away;

  TestStore(LongSupplier clockMs) {
    fake =
        new FakeTurnStore(
            clockMs,
            (channel, message) -> {
              workers.getOrDefault(channel, m -> {}).accept(message);
              return 1;
            });
  }

  /// The port, for threads.
  TurnStore port() {
    InvocationHandler locked =
        (proxy, method, arguments) -> {
          if (away) {
            refused.incrementAndGet();
            throw new StoreUnavailable("away", new IllegalStateException("told to be"));
          }
          lock.lock();
          try {
            return method.invoke(fake, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          } finally {
            lock.unlock();
          }
        };
    return (TurnStore)
        Proxy.newProxyInstance(
            TurnStore.class.getClassLoader(), new Class<?>[] {TurnStore.class}, locked);
  }

  /// Whatever a test wants of the fake.
  <R> R with(Function<FakeTurnStore, R> use) {
    lock.lock();
    try {
      return use.apply(fake);
    } finally {
      lock.unlock();
    }
  }

  void subscribe(String channel, Consumer<ChannelMessage> worker) {
    workers.put(channel, worker);
  }

  void setAway(boolean value) {
    away = value;
  }

  /// Calls that found it away.
  int refused() {
    return refused.get();
  }
}
