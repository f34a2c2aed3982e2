package dev.parley.shared.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.shared.turn.ChannelListener;
import dev.parley.shared.turn.Channels;
import dev.parley.shared.turn.Subscription;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.wire.ChannelMessage;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.params.ClientKillParams;

class RedisSubscriberTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String CHANNEL = Channels.ofGateway("g1");
  private static final ChannelMessage ENDED = new ChannelMessage.Ended(new TurnRef("chat", "one"));

  private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
  private RedisProcess redis;

  private final ChannelListener listener =
      new ChannelListener() {
        @Override
        public void onSubscribed() {
          heard.add("subscribed");
        }

        @Override
        public void onMessage(ChannelMessage message) {
          heard.add(message);
        }

        @Override
        public void onLost(String reason) {
          heard.add("lost");
        }
      };

  @BeforeEach
  void start() {
    redis = RedisProcess.start();
  }

  @AfterEach
  void stop() {
    redis.close();
  }

  private Subscription subscribe(int pingEveryMs, int pongWithinMs) {
    RedisSettings settings =
        redis
            .settings()
            .withCallLimits(5_000, 500, 2, 1_000)
            .withSubscriptionTimes(pingEveryMs, pongWithinMs, 5, 50);
    return new RedisChannels(settings).subscribe(CHANNEL, listener);
  }

  private Object next() {
    try {
      Object event = heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      return event == null ? "nothing" : event;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  private long publish(String text) {
    try (Jedis jedis = redis.client()) {
      return jedis.publish(CHANNEL, text);
    }
  }

  @Test
  void nothing_published_after_the_acknowledgement_is_missed() {
    try (Subscription subscription = subscribe(5_000, 5_000)) {
      assertThat(next()).isEqualTo("subscribed");
      assertThat(publish(ChannelMessage.encode(ENDED))).isEqualTo(1);
      assertThat(next()).isEqualTo(ENDED);
      assertThat(subscription.live()).isTrue();
    }
  }

  @Test
  void a_killed_connection_is_made_anew_and_the_owner_is_told_to_read_again() {
    try (Subscription subscription = subscribe(5_000, 5_000);
        Jedis jedis = redis.client()) {
      assertThat(next()).isEqualTo("subscribed");
      jedis.clientKill(ClientKillParams.clientKillParams().type(ClientType.PUBSUB));
      assertThat(next()).isEqualTo("lost");
      assertThat(next()).isEqualTo("subscribed");
      assertThat(subscription.reconnects()).isEqualTo(1);
      publish(ChannelMessage.encode(ENDED));
      assertThat(next()).isEqualTo(ENDED);
    }
  }

  @Test
  void a_silent_connection_is_found_by_the_ping_and_made_anew_when_the_server_wakes() {
    try (Subscription subscription = subscribe(20, 1_000)) {
      assertThat(next()).isEqualTo("subscribed");
      redis.freeze();
      try {
        assertThat(next()).isEqualTo("lost");
        assertThat(subscription.live()).isFalse();
      } finally {
        redis.thaw();
      }
      assertThat(next()).isEqualTo("subscribed");
    }
  }

  @Test
  void it_comes_back_after_a_restart_of_the_server() {
    try (Subscription subscription = subscribe(5_000, 5_000)) {
      assertThat(next()).isEqualTo("subscribed");
      redis.restartEmpty();
      assertThat(next()).isEqualTo("lost");
      assertThat(next()).isEqualTo("subscribed");
      assertThat(subscription.reconnects()).isEqualTo(1);
    }
  }

  @Test
  void garbage_is_counted_and_does_not_end_the_subscription() {
    try (Subscription subscription = subscribe(5_000, 5_000)) {
      assertThat(next()).isEqualTo("subscribed");
      publish("what is this");
      publish(ChannelMessage.encode(ENDED));
      assertThat(next()).isEqualTo(ENDED);
      assertThat(subscription.garbled()).isEqualTo(1);
    }
  }

  @Test
  void after_close_nobody_is_subscribed_and_nothing_is_heard() {
    Subscription subscription = subscribe(5_000, 5_000);
    assertThat(next()).isEqualTo("subscribed");
    subscription.close();
    subscription.close();
    assertThat(subscription.live()).isFalse();
    await().atMost(PATIENCE).until(() -> publish(ChannelMessage.encode(ENDED)) == 0);
    assertThat(heard).isEmpty();
  }
}
