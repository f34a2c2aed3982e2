package dev.parley.system.path;

import static org.awaitility.Awaitility.await;

import dev.parley.standalone.ChildProcess;
import dev.parley.standalone.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// One gateway or worker in a JVM of its own, on a port of its own, which it keeps when it is started
/// again.
final class Node {
  /// Until a process that was started serves: a JVM, a model, a broker that forms its groups.
  static final Duration START_LIMIT = Duration.ofMinutes(2);

  private static final int HEAP_MIB = 192;
  private static final Duration GRACE = Duration.ofSeconds(40);
  private static final Pattern WORKER_ID = Pattern.compile("\\bworker (w[0-9a-f]{16}): ");
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final String name;
  private final Path log;
  private final int port;
  private final ChildProcess.Command command;
  private volatile ChildProcess child;
  private volatile boolean closed;

  private Node(String name, Path log, int port, ChildProcess.Command command) {
    this.name = name;
    this.log = log;
    this.port = port;
    this.command = command;
    this.child = ChildProcess.start(command);
  }

  static Node gateway(Path directory, String name, Map<String, String> settings) {
    return start(directory, name, "gateway", "PARLEY_PORT", settings);
  }

  static Node worker(Path directory, String name, Map<String, String> settings) {
    Map<String, String> own = new HashMap<>(settings);
    own.put("PARLEY_STEP_LOG", directory.resolve(name + ".steps").toString());
    return start(directory, name, "worker", "PARLEY_WORKER_PORT", own);
  }

  private static Node start(
      Path directory, String name, String verb, String portName, Map<String, String> settings) {
    int port = freePort();
    Map<String, String> environment = new HashMap<>(settings);
    environment.put(portName, Integer.toString(port));
    environment.put("PARLEY_LOG_FORMAT", "human");
    Path log = directory.resolve(name + ".log");
    List<String> line =
        new ArrayList<>(Programs.java(HEAP_MIB, "dev.parley.standalone.Main", verb));
    line.addAll(1, List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto"));
    return new Node(
        name, log, port, new ChildProcess.Command(name, line, environment, directory, log, GRACE));
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return name;
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  ChildProcess child() {
    return child;
  }

  /// `kill -9`.
  void kill() {
    child.kill();
  }

  /// SIGTERM, without waiting for the end.
  void terminate() {
    child.handle().destroy();
  }

  /// SIGSTOP: it lives, but does nothing.
  void pause() {
    Signals.send("STOP", child.pid());
  }

  /// SIGCONT.
  void resume() {
    Signals.send("CONT", child.pid());
  }

  /// Another process in the place of one that ended.
  void startAgain() {
    if (child.isAlive()) {
      throw new IllegalStateException(name + " runs");
    }
    child = ChildProcess.start(command);
  }

  /// From now on starts it again whenever it dies.
  void keepRunning() {
    var _ = Thread.ofVirtual().name("keep-" + name).start(this::startAgainWhenDead);
  }

  private void startAgainWhenDead() {
    try {
      while (!closed) {
        int code = child.waitFor();
        if (!closed && code != 0) {
          startAgain();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Ends it for good, also when it is paused.
  void close() {
    closed = true;
    child.kill();
  }

  Node awaitReady() {
    await(name + " is ready, see " + log)
        .atMost(START_LIMIT)
        .failFast(name + " ended, see " + log, () -> !child.isAlive())
        .until(() -> get("/health/ready").startsWith("200"));
    return this;
  }

  /// Status and body of one of its pages, in that order, or why there is none.
  String get(String path) {
    try {
      var reply =
          HTTP.send(
              HttpRequest.newBuilder(url().resolve(path)).timeout(Duration.ofSeconds(10)).build(),
              BodyHandlers.ofString());
      return reply.statusCode() + " " + reply.body();
    } catch (IOException e) {
      // It does not serve yet, or not any more: that is the answer.
      return "no answer: " + e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// The sum of a metric's samples whose line contains all of `labels`; 0 when there is none.
  double metric(String metric, String... labels) {
    return get("/metrics")
        .lines()
        .filter(line -> line.startsWith(metric + "{") || line.startsWith(metric + " "))
        .filter(line -> List.of(labels).stream().allMatch(line::contains))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /// Under which name the worker process claims prompts, as it says itself in its log.
  String workerId() {
    String[] last = {""};
    for (String line : log()) {
      var matcher = WORKER_ID.matcher(line);
      if (matcher.find()) {
        last[0] = matcher.group(1);
      }
    }
    return last[0];
  }

  /// What a worker's engine did, a line a step.
  List<String> steps() {
    return lines(log.resolveSibling(name + ".steps"));
  }

  List<String> log() {
    return lines(log);
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
