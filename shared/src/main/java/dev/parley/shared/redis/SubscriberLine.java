package dev.parley.shared.redis;

import dev.parley.shared.wire.ChannelMessage;
import dev.parley.shared.wire.WireException;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.exceptions.JedisException;

/// One connection of a subscription, and the watchdog that notices when it is silent: a subscribed
/// connection has no read timeout, and a peer that vanished without a reset is silent for ever.
final class SubscriberLine implements AutoCloseable {

  /// Called by the thread in [#listen].
  interface Events {
    void subscribed();

    void message(ChannelMessage message);

    void unreadable(String reason);
  }

  private final RedisSettings settings;
  private final String channel;
  private final Events events;
  private final Jedis jedis;
  private final Semaphore pongs = new Semaphore(0);
  private final CountDownLatch done = new CountDownLatch(1);
  private final AtomicReference<String> cutBecause = new AtomicReference<>("");
  private final Ear ear = new Ear();

  /// Connects, within the connect and reply timeouts.
  SubscriberLine(RedisSettings settings, String channel, Events events) {
    this.settings = settings;
    this.channel = channel;
    this.events = events;
    this.jedis = new Jedis(RedisClients.address(settings), RedisClients.config(settings));
    // The constructor of Jedis only connects for credentials and such.
    this.jedis.connect();
  }

  /// Subscribes and passes on what comes, until the connection breaks or is cut.
  ///
  /// @return why it ended
  String listen() {
    Thread.ofVirtual().name("redis-watchdog-" + channel).start(this::watch);
    try {
      jedis.subscribe(ear, channel);
      return reason("unsubscribed");
    } catch (JedisException e) {
      return reason(String.valueOf(e.getMessage()));
    } finally {
      done.countDown();
    }
  }

  private String reason(String otherwise) {
    String cut = cutBecause.get();
    return cut.isEmpty() ? otherwise : cut;
  }

  private void watch() {
    try {
      while (!done.await(settings.pingEveryMs(), TimeUnit.MILLISECONDS)) {
        pongs.drainPermits();
        ear.ping();
        if (!pongs.tryAcquire(settings.pongWithinMs(), TimeUnit.MILLISECONDS)) {
          cut("no answer to a ping within " + settings.pongWithinMs() + " ms");
          return;
        }
      }
    } catch (JedisException e) {
      cut("cannot ping: " + e.getMessage());
    } catch (InterruptedException _) {
      cut("watchdog interrupted");
    }
  }

  /// Closes the socket under the reader, which then returns from [#listen].
  void cut(String reason) {
    cutBecause.compareAndSet("", reason);
    try {
      jedis.getConnection().forceDisconnect();
    } catch (IOException e) {
      throw new JedisException("cannot close the socket of " + channel, e);
    }
  }

  @Override
  public void close() {
    done.countDown();
    jedis.close();
  }

  private final class Ear extends JedisPubSub {

    @Override
    public void onSubscribe(String to, int count) {
      events.subscribed();
    }

    @Override
    public void onMessage(String from, String text) {
      ChannelMessage message;
      try {
        message = ChannelMessage.parse(text);
      } catch (WireException e) {
        events.unreadable(String.valueOf(e.getMessage()));
        return;
      }
      events.message(message);
    }

    @Override
    public void onPong(String text) {
      pongs.release();
    }
  }
}
