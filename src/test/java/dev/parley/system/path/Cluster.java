package dev.parley.system.path;

import static org.awaitility.Awaitility.await;

import dev.parley.shared.redis.RedisSettings;
import dev.parley.shared.redis.RedisTurnStore;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnState;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.turn.ViewReply;
import dev.parley.standalone.Directories;
import dev.parley.standalone.Node;
import dev.parley.standalone.Servers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import redis.clients.jedis.RedisClient;

/// A broker, a Redis, gateways and workers, each a process of its own, with the fake engine unless the
/// settings say otherwise. Logs are in `target/system/NAME`.
final class Cluster implements AutoCloseable {

  /// Until something that must happen has happened.
  static final Duration LIMIT = Duration.ofSeconds(90);

  /// Times of the groups as short as the broker lets them be: a killed worker is missed soon.
  private static final Map<String, String> BROKER =
      Map.of(
          "group.share.min.heartbeat.interval.ms", "500",
          "group.share.heartbeat.interval.ms", "500",
          "group.share.min.session.timeout.ms", "3000",
          "group.share.session.timeout.ms", "6000");

  private final Path directory;
  private final Map<String, String> settings;
  private final Servers servers;
  private final RedisClient jedis;
  private final RedisTurnStore turns;
  private final Records records;
  private final List<Node> gateways = new ArrayList<>();
  private final List<Node> workers = new ArrayList<>();
  private Optional<RedisProxy> proxy = Optional.empty();

  private Cluster(Path directory, Servers servers, Map<String, String> extra) {
    this.directory = directory;
    this.servers = servers;
    settings = new HashMap<>();
    settings.put("PARLEY_ENGINE", "fake");
    settings.put("PARLEY_KAFKA", servers.bootstrapServers());
    settings.put("PARLEY_REDIS", servers.redisUrl().toString());
    settings.putAll(extra);
    jedis = RedisClient.create(servers.redisUrl());
    turns = new RedisTurnStore(RedisSettings.of(servers.redisUrl()));
    records = new Records(servers.bootstrapServers());
  }

  /// The directory of a test's logs and data, emptied.
  static Path fresh(String name) {
    Path directory = Path.of("target", "system", name).toAbsolutePath();
    Directories.delete(directory);
    try {
      return Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Starts the servers alone.
  static Cluster servers(String name, Map<String, String> settings) {
    Path directory = fresh(name);
    Servers servers = Servers.launch(directory, BROKER);
    try {
      servers.awaitReady();
      return new Cluster(directory, servers, settings);
    } catch (RuntimeException e) {
      servers.close();
      throw e;
    }
  }

  /// Starts everything and returns when all are ready.
  static Cluster start(String name, int gateways, int workers, Map<String, String> settings) {
    Cluster cluster = servers(name, settings);
    try {
      for (int i = 0; i < gateways; i++) {
        cluster.addGateway();
      }
      for (int i = 0; i < workers; i++) {
        cluster.addWorker();
      }
      cluster.awaitReady();
      return cluster;
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /// Starts two gateways and a worker; the first gateway reaches Redis through [#proxy] alone.
  static Cluster proxied(String name) {
    Cluster cluster = servers(name, Map.of());
    RedisProxy proxy = RedisProxy.before(cluster.servers.redisUrl());
    cluster.proxy = Optional.of(proxy);
    cluster.addGateway(proxy.url());
    cluster.addGateway();
    cluster.addWorker();
    return cluster;
  }

  Node addGateway() {
    return addGateway(servers.redisUrl());
  }

  private Node addGateway(URI redis) {
    Map<String, String> own = new HashMap<>(settings);
    own.put("PARLEY_REDIS", redis.toString());
    Node node = Node.gateway(directory, "gateway-" + (gateways.size() + 1), own, Node.Jvm.SMALL);
    gateways.add(node);
    return node;
  }

  Node addWorker() {
    String name = "worker-" + (workers.size() + 1);
    Map<String, String> own = new HashMap<>(settings);
    own.put("PARLEY_STEP_LOG", stepLog(name).toString());
    Node node = Node.worker(directory, name, own, Node.Jvm.SMALL);
    workers.add(node);
    return node;
  }

  private Path stepLog(String worker) {
    return directory.resolve(worker + ".steps");
  }

  /// What a worker's engine did, a line a step.
  List<String> steps(Node worker) {
    try {
      return Files.readAllLines(stepLog(worker.name()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Node gateway(int index) {
    return gateways.get(index);
  }

  Node worker(int index) {
    return workers.get(index);
  }

  List<Node> workers() {
    return List.copyOf(workers);
  }

  /// The workers but one.
  List<Node> workersBut(Node one) {
    return workers.stream().filter(node -> node != one).toList();
  }

  /// The sum of a metric's samples over all workers.
  double workersMetric(String metric, String... labels) {
    return workers.stream().mapToDouble(node -> node.metric(metric, labels)).sum();
  }

  /// Brings back whatever a test took away, and waits until all can serve.
  void awaitReady() {
    servers.startBroker();
    Stream.concat(gateways.stream(), workers.stream())
        .filter(node -> !node.child().isAlive())
        .forEach(Node::startAgain);
    gateways.forEach(Node::awaitReady);
    workers.forEach(Node::awaitReady);
  }

  /// Starts every worker again that dies from now on, as `up` does.
  void keepWorkersRunning() {
    workers.forEach(Node::keepRunning);
  }

  /// Talks to one of the gateways in a conversation of its own.
  Chat chat(int gateway) {
    return Chat.with(gateway(gateway).url());
  }

  /// The broker and the Redis.
  Servers servers() {
    return servers;
  }

  /// The first gateway's way to Redis, of a cluster that was started [#proxied].
  RedisProxy proxy() {
    return proxy.orElseThrow();
  }

  RedisClient redis() {
    return jedis;
  }

  /// What is in the queue.
  Records records() {
    return records;
  }

  /// The turn as Redis has it, once Redis has it.
  TurnView turn(TurnRef ref) {
    return awaitTurn(ref, "is there", turn -> true);
  }

  private TurnView view(TurnRef ref) {
    return switch (turns.view(ref, 0)) {
      case ViewReply.Found found -> found.turn();
      case ViewReply.Missing missing -> throw new IllegalStateException(ref + " is missing");
      case ViewReply.Cold cold -> throw new IllegalStateException("Redis is cold");
    };
  }

  /// Waits until Redis has the turn in a form.
  TurnView awaitTurn(TurnRef ref, String form, Predicate<TurnView> test) {
    return await(ref + " " + form).atMost(LIMIT).ignoreExceptions().until(() -> view(ref), test);
  }

  /// Waits until the turn is closed: its end was shown and the next turn may go.
  TurnView awaitDelivered(TurnRef ref) {
    return awaitTurn(ref, "is delivered", turn -> turn.state() == TurnState.DELIVERED);
  }

  /// The worker process that holds the attempt, once it has published some deltas.
  Node owner(TurnRef ref, int deltas) {
    TurnView view =
        awaitTurn(
            ref,
            "has " + deltas + " deltas",
            turn -> !turn.worker().isEmpty() && turn.lastDelta() >= deltas);
    return workers.stream()
        .filter(node -> node.workerId().equals(view.worker()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("nobody is " + view.worker()));
  }

  @Override
  public void close() {
    gateways.forEach(Node::close);
    workers.forEach(Node::close);
    turns.close();
    jedis.close();
    servers.close();
    proxy.ifPresent(RedisProxy::close);
  }
}
