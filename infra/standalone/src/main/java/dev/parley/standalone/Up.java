package dev.parley.standalone;

import dev.parley.shared.config.Config;
import dev.parley.shared.config.HttpBind;
import dev.parley.shared.config.Settings;
import dev.parley.shared.fetch.Assets;
import dev.parley.shared.runtime.HttpServer;
import dev.parley.shared.runtime.Lifecycle;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/// Everything on one machine, in this order: Redis and Kafka, the workers, the gateway. It stops in
/// the reverse order: the gateway stops admitting and delivers what the workers still write, then
/// the workers, then the servers.
///
/// Each is a child process under a [Supervisor]; this process only watches.
final class Up {
  private static final Duration SERVERS_LIMIT = Duration.ofMinutes(2);
  private static final Duration STOP_MARGIN = Duration.ofSeconds(5);
  private static final int WORKER_HEAP_MIB = 512;
  private static final int GATEWAY_HEAP_MIB = 1024;

  /// Any worker takes a conversation's next turn; one alone has it in memory.
  private static final int SHARED_PREFIX_FILES_MIB = 4096;

  private final Config config;
  private final Lifecycle lifecycle;
  private final List<Supervisor> running = new CopyOnWriteArrayList<>();

  Up(Config config, Lifecycle lifecycle) {
    this.config = config;
    this.lifecycle = lifecycle;
  }

  /// Starts everything and returns when the page can be used.
  void start() throws InterruptedException {
    var data = lifecycle.started("data", DataDirectory.hold(config.get(Settings.DATA)));
    var children = data.path().resolve("children");
    Leftovers.end(children);
    HttpServer.requireFree(HttpBind.gateway(config));
    var engine = engineEnvironment();
    var guardian = lifecycle.started("guardian", startGuardian());
    Runnable changed = () -> childrenChanged(children, guardian);
    var servers = startServers(data, changed);
    var ports = ports(data.path());
    for (int i = 0; i < config.get(Settings.WORKERS); i++) {
      var environment = new HashMap<>(engine);
      environment.putAll(servers);
      environment.put(Settings.WORKER_PORT.name(), ports.get(i + 1).toString());
      startRole(data, "worker-" + (i + 1), "worker", WORKER_HEAP_MIB, environment, changed);
    }
    var environment = new HashMap<>(servers);
    environment.put(Settings.PORT.name(), ports.getFirst().toString());
    startRole(data, "gateway", "gateway", GATEWAY_HEAP_MIB, environment, changed);
    lifecycle.atStop(
        "notice", () -> System.err.println("Stopping; running answers may finish ..."));
    new ReadyWait(List.copyOf(running), ports).await();
    System.err.printf(
        "%nParley is ready: http://%s:%d/%nLogs: %s%nCtrl-C stops.%n",
        config.get(Settings.HOST), ports.getFirst(), data.logs());
    if (config.isSet(Settings.TELEGRAM_TOKEN)) {
      lifecycle.started(
          "telegram notice",
          new TelegramNotice(URI.create("http://127.0.0.1:" + ports.getFirst() + "/")));
    }
  }

  /// What the workers need beyond the configuration: the files, fetched if they are missing.
  private Map<String, String> engineEnvironment() {
    var environment = new HashMap<String, String>();
    if (config.get(Settings.ENGINE).equals("llama")) {
      var assets = Assets.of(config);
      var missing = assets.missing(config.get(Settings.MODEL));
      if (!missing.isEmpty()) {
        System.err.println(
            "Needed once, kept in "
                + config.get(Settings.HOME)
                + ": "
                + String.join("; ", missing));
      }
      environment.put(Settings.LIB_DIR.name(), assets.libraries().toString());
      environment.put(Settings.MODEL.name(), assets.model(config.get(Settings.MODEL)).toString());
    }
    if (!config.isSet(Settings.THREADS)) {
      int share = Runtime.getRuntime().availableProcessors() / config.get(Settings.WORKERS);
      environment.put(Settings.THREADS.name(), String.valueOf(Math.max(1, share)));
    }
    if (!config.isSet(Settings.PREFIX_FILES) && config.get(Settings.WORKERS) > 1) {
      environment.put(Settings.PREFIX_FILES.name(), String.valueOf(SHARED_PREFIX_FILES_MIB));
    }
    return environment;
  }

  /// The page's port, then one for each worker.
  private List<Integer> ports(Path data) {
    var names = new ArrayList<String>();
    for (int i = 0; i <= config.get(Settings.WORKERS); i++) {
      names.add(i == 0 ? "gateway" : "worker-" + i);
    }
    var ports =
        new ArrayList<>(
            Ports.remembered(data.resolve("ports.properties"), names.toArray(String[]::new)));
    if (config.get(Settings.PORT) != 0) {
      ports.set(0, config.get(Settings.PORT));
    }
    return List.copyOf(ports);
  }

  private Map<String, String> startServers(DataDirectory data, Runnable changed)
      throws InterruptedException {
    System.err.println("Starting Kafka and Redis ...");
    var redis = EmbeddedRedis.in(data.path().resolve("redis"), data.logs().resolve("redis.log"));
    var redisChild = supervise("redis", redis::start, changed);
    var kafka =
        EmbeddedKafka.in(data.path().resolve("kafka"), data.logs().resolve("kafka.log"), Map.of());
    var kafkaChild = supervise("kafka", kafka::start, changed);
    redis.awaitReady(redisChild.child(), SERVERS_LIMIT);
    kafka.awaitReady(kafkaChild.child(), SERVERS_LIMIT);
    return Map.of(
        Settings.KAFKA.name(), kafka.bootstrapServers(),
        Settings.REDIS.name(), redis.url().toString());
  }

  private void startRole(
      DataDirectory data,
      String name,
      String verb,
      int heapMib,
      Map<String, String> extra,
      Runnable changed) {
    var environment = new HashMap<>(config.asEnvironment());
    environment.putAll(extra);
    var command =
        new ChildProcess.Command(
            name,
            Programs.java(heapMib, Main.class.getName(), verb),
            environment,
            Path.of("").toAbsolutePath(),
            data.logs().resolve(name + ".log"),
            config.get(Settings.DRAIN).plus(STOP_MARGIN));
    supervise(name, () -> ChildProcess.start(command), changed);
  }

  private Supervisor supervise(String name, Supplier<ChildProcess> starter, Runnable changed) {
    var supervisor = lifecycle.started(name, Supervisor.start(starter, changed));
    running.add(supervisor);
    changed.run();
    return supervisor;
  }

  private void childrenChanged(Path file, Guardian guardian) {
    var now = running.stream().map(Supervisor::child).toList();
    Leftovers.record(file, now);
    guardian.watch(now);
  }

  private static Guardian startGuardian() {
    try {
      return Guardian.start();
    } catch (IOException e) {
      throw new StartException("sh cannot be started: " + e.getMessage());
    }
  }
}
