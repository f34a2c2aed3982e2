package dev.parley.shared.redis;

import dev.parley.shared.turn.ChannelListener;
import dev.parley.shared.turn.Subscription;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisException;

/// A subscription that comes back by itself. Its thread makes a [SubscriberLine], listens on it until
/// it breaks, and after a pause makes the next.
final class RedisSubscriber implements Subscription {

  private static final Logger LOG = LoggerFactory.getLogger(RedisSubscriber.class);

  private final RedisSettings settings;
  private final String channel;
  private final ChannelListener listener;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong garbled = new AtomicLong();
  private final Thread thread;

  /// The line in use; guarded by `this`.
  private @Nullable SubscriberLine line;

  private volatile boolean live;

  private RedisSubscriber(RedisSettings settings, String channel, ChannelListener listener) {
    this.settings = settings;
    this.channel = channel;
    this.listener = listener;
    this.thread = Thread.ofVirtual().name("redis-subscriber-" + channel).unstarted(this::run);
  }

  static RedisSubscriber start(RedisSettings settings, String channel, ChannelListener listener) {
    RedisSubscriber subscriber = new RedisSubscriber(settings, channel, listener);
    subscriber.thread.start();
    return subscriber;
  }

  @Override
  public boolean live() {
    return live;
  }

  @Override
  public long reconnects() {
    return Math.max(0, acknowledged.get() - 1);
  }

  @Override
  public long garbled() {
    return garbled.get();
  }

  private void run() {
    int pauseMs = settings.resubscribeMinMs();
    while (!isClosed()) {
      long before = acknowledged.get();
      String reason = listenUntilBroken();
      live = false;
      if (isClosed()) {
        return;
      }
      if (acknowledged.get() > before) {
        pauseMs = settings.resubscribeMinMs();
        LOG.warn("subscription to {} lost: {}", channel, reason);
        listener.onLost(reason);
      } else {
        LOG.debug("no subscription to {}: {}", channel, reason);
      }
      if (pause(pauseMs)) {
        return;
      }
      pauseMs = Math.min(pauseMs * 2, settings.resubscribeMaxMs());
    }
  }

  /// Listens on one connection.
  ///
  /// @return why it ended
  private String listenUntilBroken() {
    try (SubscriberLine next = new SubscriberLine(settings, channel, new Events())) {
      if (!use(next)) {
        return "closed";
      }
      return next.listen();
    } catch (JedisException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private synchronized boolean use(SubscriberLine next) {
    line = next;
    return !isClosed();
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private boolean pause(int pauseMs) {
    try {
      return closed.await(pauseMs, TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      // Nobody else knows this thread: it is the end.
      return true;
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed.countDown();
      if (line != null) {
        line.cut("closed");
      }
    }
    if (Thread.currentThread() != thread) {
      try {
        // A connection that is being made ends within the connect and reply timeouts.
        thread.join();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// What the line hears.
  private final class Events implements SubscriberLine.Events {

    @Override
    public void subscribed() {
      if (!isClosed()) {
        acknowledged.incrementAndGet();
        live = true;
        listener.onSubscribed();
      }
    }

    @Override
    public void message(dev.parley.shared.wire.ChannelMessage message) {
      if (!isClosed()) {
        listener.onMessage(message);
      }
    }

    @Override
    public void unreadable(String reason) {
      if (garbled.getAndIncrement() == 0) {
        LOG.warn("unreadable message on {}, such are counted from now on: {}", channel, reason);
      }
    }
  }
}
