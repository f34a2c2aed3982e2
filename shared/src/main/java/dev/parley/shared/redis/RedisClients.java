package dev.parley.shared.redis;

import java.time.Duration;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.SslOptions;

/// Makes Jedis clients from settings.
final class RedisClients {

  private RedisClients() {}

  static HostAndPort address(RedisSettings settings) {
    return new HostAndPort(settings.host(), settings.port());
  }

  static JedisClientConfig config(RedisSettings settings) {
    var config =
        DefaultJedisClientConfig.builder()
            .connectionTimeoutMillis(settings.connectTimeoutMs())
            .socketTimeoutMillis(settings.socketTimeoutMs())
            .clientName("parley");
    if (settings.tls()) {
      config.sslOptions(SslOptions.defaults());
    }
    if (!settings.user().isEmpty()) {
      config.user(settings.user());
    }
    if (!settings.password().isEmpty()) {
      config.password(settings.password());
    }
    return config.build();
  }

  static RedisClient pooled(RedisSettings settings) {
    ConnectionPoolConfig pool = new ConnectionPoolConfig();
    pool.setMaxTotal(settings.poolSize());
    pool.setMaxIdle(settings.poolSize());
    pool.setMinIdle(0);
    pool.setBlockWhenExhausted(true);
    pool.setMaxWait(Duration.ofMillis(settings.poolWaitMs()));
    pool.setJmxEnabled(false);
    return RedisClient.builder()
        .hostAndPort(address(settings))
        .clientConfig(config(settings))
        .poolConfig(pool)
        .build();
  }
}
