package dev.parley.bench;

import dev.parley.shared.redis.RedisSettings;
import dev.parley.shared.runtime.Threads;
import dev.parley.shared.wire.ChannelMessage;
import dev.parley.shared.wire.Delta;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.exceptions.JedisException;

/// Hears what the workers say to all gateways, and when: the engine's side of what users see.
final class EngineEar implements AutoCloseable {

  /// One conversation's answer as it was written. Times in ms since 1970.
  record Heard(long firstMs, long lastMs, String text) {}

  private final Jedis connection;
  private final CountDownLatch subscribed = new CountDownLatch(1);
  private final Map<String, Heard> heard = new ConcurrentHashMap<>();
  private final JedisPubSub listener =
      new JedisPubSub() {
        @Override
        public void onPSubscribe(String pattern, int channels) {
          subscribed.countDown();
        }

        @Override
        public void onPMessage(String pattern, String channel, String message) {
          if (ChannelMessage.parse(message) instanceof ChannelMessage.Deltas deltas) {
            deltas.deltas().forEach(delta -> hear(deltas.ref().conversation(), delta));
          }
        }
      };

  EngineEar(RedisSettings redis) throws InterruptedException {
    connection = new Jedis(redis.host(), redis.port());
    var _ =
        Threads.start(
            "engine-ear",
            () -> {
              try {
                connection.psubscribe(listener, "g:*");
              } catch (JedisException e) {
                // Closed; whoever waits for the first subscription must not wait for ever.
                subscribed.countDown();
              }
            });
    subscribed.await();
  }

  private void hear(String conversation, Delta delta) {
    long now = System.currentTimeMillis();
    heard.compute(
        conversation,
        (key, before) ->
            before == null || delta.n() == 1
                ? new Heard(now, now, delta.text())
                : new Heard(before.firstMs(), now, before.text() + delta.text()));
  }

  /// What was last answered in a conversation.
  Heard in(String conversation) {
    Heard answer = heard.get(conversation);
    if (answer == null) {
      throw new IllegalStateException("nothing was heard in " + conversation);
    }
    return answer;
  }

  @Override
  public void close() {
    listener.punsubscribe();
    connection.close();
  }
}
