package dev.parley.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeClusterOptions;

/// A Kafka broker with its own controller in a child JVM, on 127.0.0.1, with its data and its ports
/// in a directory. Starting it again on the same directory finds everything, also after `kill -9`.
public final class EmbeddedKafka {
  private static final int HEAP_MIB = 384;
  private static final Duration GRACE = Duration.ofSeconds(20);
  private static final int PROBE_MILLIS = 2000;

  private final Path directory;
  private final Path log;
  private final Path settings;
  private final int port;

  private EmbeddedKafka(Path directory, Path log, Path settings, int port) {
    this.directory = directory;
    this.log = log;
    this.settings = settings;
    this.port = port;
  }

  /// Chooses ports and writes the broker's settings.
  ///
  /// @param directory where everything is kept
  /// @param log where its output goes
  /// @param overrides broker settings that differ from ours, such as shorter times in tests
  public static EmbeddedKafka in(Path directory, Path log, Map<String, String> overrides) {
    var ports = Ports.remembered(directory.resolve("ports.properties"), "broker", "controller");
    var settings = directory.resolve("server.properties");
    var all = settings(directory, ports.get(0), ports.get(1));
    all.putAll(overrides);
    var file = new Properties();
    file.putAll(all);
    try (var out = Files.newBufferedWriter(settings)) {
      file.store(out, "Written at each start");
    } catch (IOException e) {
      throw new UncheckedIOException(settings + " cannot be written", e);
    }
    return new EmbeddedKafka(directory, log, settings, ports.get(0));
  }

  /// Where clients find it.
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  /// Starts it without waiting.
  public ChildProcess start() {
    return ChildProcess.start(
        new ChildProcess.Command(
            "kafka",
            Programs.java(HEAP_MIB, KafkaServer.class.getName(), settings.toString()),
            Map.of(),
            directory,
            log,
            GRACE));
  }

  /// Waits until it answers.
  ///
  /// @throws StartException when it ends before, or does not answer in time
  public void awaitReady(ChildProcess child, Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    // The client would log each refused connection, so it asks only when somebody listens.
    while (!Ports.answers(port)) {
      ChildProcesses.failIfOver(child, deadline);
    }
    var client =
        Map.<String, Object>of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers(),
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, PROBE_MILLIS,
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PROBE_MILLIS);
    try (var admin = Admin.create(client)) {
      while (!answers(admin)) {
        ChildProcesses.failIfOver(child, deadline);
      }
    }
  }

  private static boolean answers(Admin admin) throws InterruptedException {
    try {
      var options = new DescribeClusterOptions().timeoutMs(PROBE_MILLIS);
      return !admin.describeCluster(options).nodes().get().isEmpty();
    } catch (ExecutionException e) {
      // Not yet: the caller asks again until its deadline.
      return false;
    }
  }

  private static Map<String, String> settings(Path directory, int port, int controllerPort) {
    var broker = "PLAINTEXT://127.0.0.1:" + port;
    var all = new TreeMap<String, String>();
    all.put("process.roles", "broker,controller");
    all.put("node.id", "1");
    all.put("listeners", broker + ",CONTROLLER://127.0.0.1:" + controllerPort);
    all.put("advertised.listeners", broker);
    all.put("controller.listener.names", "CONTROLLER");
    all.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    all.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
    all.put("log.dirs", directory.toAbsolutePath().resolve("log").toString());
    all.put("auto.create.topics.enable", "false");
    all.put("message.max.bytes", String.valueOf(8 << 20));
    // One node: every internal topic has one replica, and few partitions start faster.
    for (var topic :
        List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
      all.put(topic + ".replication.factor", "1");
      all.put(topic + ".num.partitions", "1");
    }
    all.put("transaction.state.log.min.isr", "1");
    all.put("share.coordinator.state.topic.min.isr", "1");
    all.put("group.initial.rebalance.delay.ms", "0");
    // One member a held prompt: many members, many records under lock, and no wait to be assigned.
    all.put("group.share.max.size", "1000");
    all.put("group.share.max.partition.max.record.locks", "10000");
    all.put("group.share.assignment.interval.ms", "0");
    // A new member is given records at its second heartbeat: 1 s instead of 5 s after the start.
    all.put("group.share.min.heartbeat.interval.ms", "1000");
    all.put("group.share.heartbeat.interval.ms", "1000");
    // After kill -9 the controller lets a broker in again when its last session has lapsed: 2 s,
    // not 9.
    all.put("broker.session.timeout.ms", "2000");
    all.put("broker.heartbeat.interval.ms", "500");
    // A small machine: the defaults are for servers.
    all.put("num.network.threads", "2");
    all.put("num.io.threads", "4");
    all.put("background.threads", "4");
    all.put("log.cleaner.dedupe.buffer.size", String.valueOf(16 << 20));
    return all;
  }
}
