package dev.parley.system.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.standalone.Directories;
import dev.parley.standalone.Ports;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/// A Kafka broker in this process, on free ports and a directory of its own, with the times of a
/// share group as short as the broker lets them be.
final class TestBroker implements AutoCloseable {
  private final Path dir;
  private final int port;
  private final int controllerPort;
  private final Map<String, String> extra;
  private KafkaRaftServer server;

  /// @param extra broker settings that differ from the usual ones here
  static TestBroker start(Map<String, String> extra) throws IOException {
    return new TestBroker(Files.createTempDirectory("parley-broker"), extra);
  }

  private TestBroker(Path dir, Map<String, String> extra) throws IOException {
    this.dir = dir;
    this.extra = new HashMap<>(extra);
    this.port = Ports.free();
    this.controllerPort = Ports.free();
    format();
    this.server = startServer();
  }

  String bootstrap() {
    return "127.0.0.1:" + port;
  }

  void stop() {
    server.shutdown();
    server.awaitShutdown();
  }

  void startAgain() {
    server = startServer();
  }

  @Override
  public void close() {
    stop();
    Directories.delete(dir);
  }

  private KafkaRaftServer startServer() {
    KafkaRaftServer started = new KafkaRaftServer(new KafkaConfig(properties()), Time.SYSTEM);
    started.startup();
    return started;
  }

  private void format() throws IOException {
    Path file = dir.resolve("server.properties");
    try (OutputStream out = Files.newOutputStream(file)) {
      properties().store(out, null);
    }
    String[] command = {"format", "-t", Uuid.randomUuid().toString(), "-c", file.toString()};
    try (PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), false, UTF_8)) {
      int code = StorageTool.execute(command, silent);
      if (code != 0) {
        throw new IllegalStateException("formatting " + dir + " failed with " + code);
      }
    }
  }

  private Properties properties() {
    Properties p = new Properties();
    p.put("process.roles", "broker,controller");
    p.put("node.id", "1");
    p.put(
        "listeners",
        "PLAINTEXT://%s,CONTROLLER://127.0.0.1:%d".formatted(bootstrap(), controllerPort));
    p.put("advertised.listeners", "PLAINTEXT://" + bootstrap());
    p.put("controller.listener.names", "CONTROLLER");
    p.put("inter.broker.listener.name", "PLAINTEXT");
    p.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    p.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
    p.put("log.dirs", dir.resolve("logs").toString());
    for (String topic :
        List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
      p.put(topic + ".replication.factor", "1");
      p.put(topic + ".num.partitions", "1");
    }
    p.put("transaction.state.log.min.isr", "1");
    p.put("share.coordinator.state.topic.min.isr", "1");
    p.put("auto.create.topics.enable", "false");
    p.put("group.initial.rebalance.delay.ms", "0");
    p.put("group.share.max.partition.max.record.locks", "10000");
    p.put("group.share.min.record.lock.duration.ms", "1000");
    p.put("group.share.min.heartbeat.interval.ms", "500");
    p.put("group.share.heartbeat.interval.ms", "500");
    p.put("group.share.assignment.interval.ms", "0");
    p.putAll(extra);
    return p;
  }
}
