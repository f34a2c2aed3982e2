package dev.parley.bench;

import dev.parley.shared.redis.RedisSettings;
import dev.parley.standalone.Node;
import dev.parley.standalone.Servers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The broker and the Redis that `up` starts, with its settings, and gateways, workers and engines as
/// they are asked for.
final class Rig implements AutoCloseable {
  private final Processes processes = new Processes();
  private final Map<String, String> settings;
  private final Servers servers;
  private final List<Node> nodes = new ArrayList<>();

  private Rig(Map<String, String> extra) {
    servers = Servers.launch(processes.directory(), Map.of());
    processes.started(servers::close);
    settings = new HashMap<>(extra);
    settings.put("PARLEY_KAFKA", servers.bootstrapServers());
    settings.put("PARLEY_REDIS", servers.redisUrl().toString());
  }

  /// Starts the servers.
  ///
  /// @param settings of all gateways, workers and engines
  static Rig start(Map<String, String> settings) {
    Rig rig = new Rig(settings);
    rig.servers.awaitReady();
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
  void awaitReady() {
    for (Node node : nodes) {
      if (!node.child().isAlive()) {
        node.startAgain();
      }
    }
    for (Node node : nodes) {
      node.awaitReady();
    }
  }

  /// The broker and the Redis.
  Servers servers() {
    return servers;
  }

  RedisSettings redis() {
    return RedisSettings.of(servers.redisUrl());
  }

  @Override
  public void close() {
    processes.close();
  }
}
