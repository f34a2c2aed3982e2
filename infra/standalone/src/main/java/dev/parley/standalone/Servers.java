package dev.parley.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.params.ClientKillParams;

/// A broker and a Redis, each a process of its own, and all that can happen to them in a test or a bench.
public final class Servers implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofMinutes(2);

  private final Path redisData;
  private final Path redisCopy;
  private final EmbeddedKafka kafka;
  private final EmbeddedRedis redis;
  private ChildProcess broker;
  private ChildProcess store;

  private Servers(Path directory, Map<String, String> brokerSettings) {
    redisData = directory.resolve("redis").resolve("appendonlydir");
    redisCopy = directory.resolve("redis-copy");
    kafka =
        EmbeddedKafka.in(
            directory.resolve("kafka"), directory.resolve("kafka.log"), brokerSettings);
    redis = EmbeddedRedis.in(directory.resolve("redis"), directory.resolve("redis.log"));
    broker = kafka.start();
    store = redis.start();
  }

  /// Starts both without waiting.
  ///
  /// @param directory of their data and logs
  /// @param brokerSettings that differ from those of `up`
  public static Servers launch(Path directory, Map<String, String> brokerSettings) {
    return new Servers(directory, brokerSettings);
  }

  /// Waits until both answer.
  ///
  /// @throws StartException when one ends before, or does not answer in time
  public void awaitReady() {
    awaitRedis();
    awaitBroker();
  }

  public URI redisUrl() {
    return redis.url();
  }

  public String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  // ---- Redis

  public void pauseRedis() {
    Signals.send("STOP", store.pid());
  }

  public void resumeRedis() {
    Signals.send("CONT", store.pid());
  }

  /// Kills Redis and starts it with nothing in it.
  public void emptyRedis() {
    store.kill();
    try {
      redis.wipe();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    startRedis();
  }

  /// Copies what Redis has written until now: its log of changes is written before anybody gets a reply.
  public void copyRedis() {
    Directories.delete(redisCopy);
    Directories.copy(redisData, redisCopy);
  }

  /// Kills Redis and starts it with what was copied: a failover to a replica that lagged behind.
  public void rollRedisBack() {
    store.kill();
    Directories.delete(redisData);
    Directories.copy(redisCopy, redisData);
    startRedis();
  }

  private void startRedis() {
    store = redis.start();
    awaitRedis();
  }

  private void awaitRedis() {
    try {
      redis.awaitReady(store, START_LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Cuts the connections on which gateways and workers hear deltas and commands.
  public long cutSubscriptions() {
    try (var one = new Jedis(redis.url())) {
      return one.clientKill(ClientKillParams.clientKillParams().type(ClientType.PUBSUB));
    }
  }

  /// Makes Redis forget the scripts.
  public void forgetScripts() {
    try (var one = new Jedis(redis.url())) {
      one.scriptFlush();
    }
  }

  // ---- Kafka

  /// SIGSTOP for the broker: it takes connections, but answers nothing.
  public void pauseBroker() {
    Signals.send("STOP", broker.pid());
  }

  public void resumeBroker() {
    Signals.send("CONT", broker.pid());
  }

  /// Kills the broker: what it was not told by now it is never told.
  public void killBroker() {
    broker.kill();
  }

  /// Starts the killed broker on its data, unless it runs.
  public void startBroker() {
    if (!broker.isAlive()) {
      broker = kafka.start();
      awaitBroker();
    }
  }

  private void awaitBroker() {
    try {
      kafka.awaitReady(broker, START_LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    store.kill();
    broker.kill();
  }
}
