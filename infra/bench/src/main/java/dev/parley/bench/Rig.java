package dev.parley.bench;

import dev.parley.shared.redis.RedisSettings;
import dev.parley.standalone.ChildProcess;
import dev.parley.standalone.EmbeddedKafka;
import dev.parley.standalone.EmbeddedRedis;
import dev.parley.standalone.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The broker and the Redis that `up` starts, with its settings, and gateways, workers and engines as
/// they are asked for.
final class Rig implements AutoCloseable {
  private static final Duration SERVERS_LIMIT = Duration.ofMinutes(2);

  private final Processes processes = new Processes();
  private final Map<String, String> settings;
  private final EmbeddedKafka kafka;
  private final EmbeddedRedis redis;
  private final List<Node> nodes = new ArrayList<>();
  private ChildProcess broker;
  private ChildProcess store;

  private Rig(Map<String, String> extra) {
    kafka =
        EmbeddedKafka.in(processes.directory().resolve("kafka"), processes.log("kafka"), Map.of());
    redis = EmbeddedRedis.in(processes.directory().resolve("redis"), processes.log("redis"));
    broker = kafka.start();
    store = redis.start();
    processes.started(() -> {
      store.kill();
      broker.kill();
    });
    settings = new HashMap<>(extra);
    settings.put("PARLEY_KAFKA", kafka.bootstrapServers());
    settings.put("PARLEY_REDIS", redis.url().toString());
  }

  /// Starts the servers.
  ///
  /// @param settings of all gateways, workers and engines
  static Rig start(Map<String, String> settings) throws InterruptedException {
    Rig rig = new Rig(settings);
    rig.redis.awaitReady(rig.store, SERVERS_LIMIT);
    rig.kafka.awaitReady(rig.broker, SERVERS_LIMIT);
    return rig;
  }

  Node addGateway() {
    return add(
        Node.gateway(processes.directory(), "gateway-" + nodes.size(), settings, Node.Jvm.FULL));
  }

  Node addWorker() {
    return add(
        Node.worker(processes.directory(), "worker-" + nodes.size(), settings, Node.Jvm.FULL));
  }

  Node addEngine() {
    return add(
        Node.engine(processes.directory(), "engine-" + nodes.size(), settings, Node.Jvm.FULL));
  }

  private Node add(Node node) {
    nodes.add(node);
    processes.started(node::kill);
    return node;
  }

  /// Starts what is dead again, and waits until all can serve.
  void awaitReady() throws InterruptedException {
    for (Node node : nodes) {
      if (!node.child().isAlive()) {
        node.startAgain();
      }
    }
    for (Node node : nodes) {
      node.awaitReady();
    }
  }

  String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  RedisSettings redis() {
    return RedisSettings.of(redis.url());
  }

  /// Kills Redis and starts it with nothing in it.
  void emptyRedis() throws InterruptedException {
    store.kill();
    try {
      redis.wipe();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    store = redis.start();
    redis.awaitReady(store, SERVERS_LIMIT);
  }

  void killBroker() {
    broker.kill();
  }

  /// Starts the killed broker on its data.
  void startBroker() throws InterruptedException {
    broker = kafka.start();
    kafka.awaitReady(broker, SERVERS_LIMIT);
  }

  @Override
  public void close() {
    processes.close();
  }
}
