package dev.parley.system.path;

import static org.awaitility.Awaitility.await;

import dev.parley.shared.redis.RedisSettings;
import dev.parley.shared.redis.RedisTurnStore;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnView;
import dev.parley.shared.turn.ViewReply;
import dev.parley.standalone.ChildProcess;
import dev.parley.standalone.EmbeddedKafka;
import dev.parley.standalone.EmbeddedRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.params.ClientKillParams;

/// A broker, a Redis, gateways and workers, each a process of its own, with the fake engine unless the
/// settings say otherwise. Logs are in `target/system/NAME`.
final class Cluster implements AutoCloseable {
  private static final Duration SERVERS_LIMIT = Duration.ofMinutes(2);

  /// Until something that must happen has happened.
  static final Duration LIMIT = Duration.ofSeconds(90);

  private static final Map<String, String> BROKER =
      Map.of(
          "group.share.min.heartbeat.interval.ms", "500",
          "group.share.heartbeat.interval.ms", "500",
          "group.share.min.session.timeout.ms", "3000",
          "group.share.session.timeout.ms", "6000");

  private final Path directory;
  private final Map<String, String> settings;
  private final EmbeddedKafka kafka;
  private final EmbeddedRedis redis;
  private ChildProcess broker;
  private ChildProcess store;
  private final RedisClient jedis;
  private final RedisTurnStore turns;
  private final List<Node> gateways = new ArrayList<>();
  private final List<Node> workers = new ArrayList<>();

  private Cluster(Path directory, Map<String, String> extra) {
    this.directory = directory;
    kafka = EmbeddedKafka.in(directory.resolve("kafka"), directory.resolve("kafka.log"), BROKER);
    redis = EmbeddedRedis.in(directory.resolve("redis"), directory.resolve("redis.log"));
    broker = kafka.start();
    store = redis.start();
    settings = new HashMap<>();
    settings.put("PARLEY_ENGINE", "fake");
    settings.put("PARLEY_KAFKA", kafka.bootstrapServers());
    settings.put("PARLEY_REDIS", redis.url().toString());
    settings.putAll(extra);
    jedis = RedisClient.create(redis.url());
    turns = new RedisTurnStore(RedisSettings.of(redis.url()));
  }

  /// Starts the servers alone.
  static Cluster servers(String name, Map<String, String> settings) {
    Path directory = fresh(name);
    Cluster cluster = new Cluster(directory, settings);
    try {
      cluster.redis.awaitReady(cluster.store, SERVERS_LIMIT);
      cluster.kafka.awaitReady(cluster.broker, SERVERS_LIMIT);
      return cluster;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cluster.close();
      throw new IllegalStateException(e);
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

  /// The directory of a test's logs and data, emptied.
  static Path fresh(String name) {
    Path directory = Path.of("target", "system", name).toAbsolutePath();
    try {
      if (Files.exists(directory)) {
        try (Stream<Path> files = Files.walk(directory)) {
          for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
      return Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Node addGateway() {
    Node node = Node.gateway(directory, "gateway-" + (gateways.size() + 1), settings);
    gateways.add(node);
    return node;
  }

  Node addWorker() {
    Node node = Node.worker(directory, "worker-" + (workers.size() + 1), settings);
    workers.add(node);
    return node;
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

  /// Brings back whatever a test took away, and waits until all can serve.
  void awaitReady() {
    Stream.concat(gateways.stream(), workers.stream())
        .filter(node -> !node.child().isAlive())
        .forEach(Node::startAgain);
    gateways.forEach(Node::awaitReady);
    workers.forEach(Node::awaitReady);
  }

  /// Talks to one of the gateways in a conversation of its own.
  Chat chat(int gateway) {
    return Chat.with(gateway(gateway).url());
  }

  RedisClient redis() {
    return jedis;
  }

  String bootstrapServers() {
    return kafka.bootstrapServers();
  }

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
      store = redis.start();
      redis.awaitReady(store, SERVERS_LIMIT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// SIGSTOP for the broker: it takes connections, but answers nothing.
  void pauseBroker() {
    Signals.send("STOP", broker.pid());
  }

  void resumeBroker() {
    Signals.send("CONT", broker.pid());
  }

  /// Cuts the connections on which gateways and workers hear deltas and commands.
  long cutSubscriptions() {
    var url = redis.url();
    try (var one = new Jedis(url)) {
      return one.clientKill(ClientKillParams.clientKillParams().type(ClientType.PUBSUB));
    }
  }

  /// Makes Redis forget the scripts.
  void forgetScripts() {
    try (var one = new Jedis(redis.url())) {
      one.scriptFlush();
    }
  }

  /// Starts every worker again that dies from now on, as `up` does.
  void keepWorkersRunning() {
    workers.forEach(Node::keepRunning);
  }

  /// Kills the broker and starts it on its data.
  void restartBroker() {
    broker.kill();
    try {
      broker = kafka.start();
      kafka.awaitReady(broker, SERVERS_LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
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
    store.kill();
    broker.kill();
  }
}
