package dev.parley.system.path;

import dev.parley.standalone.ChildProcess;
import dev.parley.standalone.EmbeddedKafka;
import dev.parley.standalone.EmbeddedRedis;
import dev.parley.standalone.Signals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.params.ClientKillParams;

/// A broker and a Redis, each a process of its own, and all that can happen to them.
final class Servers implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofMinutes(2);

  /// Times of the groups as short as the broker lets them be: a killed worker is missed soon.
  private static final Map<String, String> BROKER =
      Map.of(
          "group.share.min.heartbeat.interval.ms", "500",
          "group.share.heartbeat.interval.ms", "500",
          "group.share.min.session.timeout.ms", "3000",
          "group.share.session.timeout.ms", "6000");

  private final Path redisData;
  private final Path redisCopy;
  private final EmbeddedKafka kafka;
  private final EmbeddedRedis redis;
  private ChildProcess broker;
  private ChildProcess store;

  private Servers(Path directory) {
    redisData = directory.resolve("redis").resolve("appendonlydir");
    redisCopy = directory.resolve("redis-copy");
    kafka = EmbeddedKafka.in(directory.resolve("kafka"), directory.resolve("kafka.log"), BROKER);
    redis = EmbeddedRedis.in(directory.resolve("redis"), directory.resolve("redis.log"));
    broker = kafka.start();
    store = redis.start();
  }

  /// Starts both and returns when they answer.
  static Servers start(Path directory) {
    Servers servers = new Servers(directory);
    try {
      servers.awaitRedis();
      servers.awaitBroker();
      return servers;
    } catch (RuntimeException e) {
      servers.close();
      throw e;
    }
  }

  URI redisUrl() {
    return redis.url();
  }

  String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  // ---- Redis

  void pauseRedis() {
    Signals.send("STOP", store.pid());
  }

  void resumeRedis() {
    Signals.send("CONT", store.pid());
  }

  /// Kills Redis and starts it with nothing in it.
  void emptyRedis() {
    store.kill();
    try {
      redis.wipe();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    startRedis();
  }

  /// Copies what Redis has written until now: its log of changes is written before anybody gets a reply.
  void copyRedis() {
    delete(redisCopy);
    copy(redisData, redisCopy);
  }

  /// Kills Redis and starts it with what was copied: a failover to a replica that lagged behind.
  void rollRedisBack() {
    store.kill();
    delete(redisData);
    copy(redisCopy, redisData);
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
  long cutSubscriptions() {
    try (var one = new Jedis(redis.url())) {
      return one.clientKill(ClientKillParams.clientKillParams().type(ClientType.PUBSUB));
    }
  }

  /// Makes Redis forget the scripts.
  void forgetScripts() {
    try (var one = new Jedis(redis.url())) {
      one.scriptFlush();
    }
  }

  // ---- Kafka

  /// SIGSTOP for the broker: it takes connections, but answers nothing.
  void pauseBroker() {
    Signals.send("STOP", broker.pid());
  }

  void resumeBroker() {
    Signals.send("CONT", broker.pid());
  }

  /// Kills the broker: what it was not told by now it is never told.
  void killBroker() {
    broker.kill();
  }

  /// Starts the killed broker on its data, unless it runs.
  void startBroker() {
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

  // ---- files

  /// The directory of a test's logs and data, emptied.
  static Path fresh(String name) {
    Path directory = Path.of("target", "system", name).toAbsolutePath();
    delete(directory);
    try {
      return Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Deletes the directory and all in it, if it is there.
  static void delete(Path directory) {
    try {
      for (Path file : below(directory).reversed()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(Path from, Path to) {
    try {
      for (Path file : below(from)) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The directory and all in it, parents first.
  private static List<Path> below(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files.sorted(Comparator.naturalOrder()).toList();
    }
  }
}
