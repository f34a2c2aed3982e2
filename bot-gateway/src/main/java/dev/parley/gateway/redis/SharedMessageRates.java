package dev.parley.gateway.redis;

import dev.parley.gateway.admission.MessageRates;
import dev.parley.shared.redis.RedisRates;
import dev.parley.shared.redis.RedisRates.Rate;
import java.time.Duration;

/// How many messages people may send, in Redis.
public final class SharedMessageRates implements MessageRates {
  private static final long HOUR_MS = Duration.ofHours(1).toMillis();

  private final RedisRates rates;
  private final String bot;
  private final Hourly hourly;

  /// @param bot names the bot among all that share this Redis
  public SharedMessageRates(RedisRates rates, String bot, Hourly hourly) {
    this.rates = rates;
    this.bot = bot;
    this.hourly = hourly;
  }

  @Override
  public Duration take(String user, String chat) {
    if (hourly.equals(Hourly.ANY)) {
      return Duration.ZERO;
    }
    RedisRates.Reply reply =
        rates.take(
            rate("user:" + user, hourly.user()),
            rate("chat:" + chat, hourly.chat()),
            Integer.MAX_VALUE);
    return Duration.ofMillis(reply.waitMs());
  }

  private Rate rate(String whose, int hourly) {
    String key = bot + ":asks:" + whose;
    return hourly == 0
        ? new Rate(key, 1, Short.MAX_VALUE)
        : new Rate(key, HOUR_MS / hourly, (hourly + 1) / 2);
  }
}
