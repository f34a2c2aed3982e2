package dev.parley.bench;

import dev.parley.standalone.ChildProcess;
import dev.parley.standalone.Main;
import dev.parley.standalone.Programs;
import dev.parley.standalone.StartException;
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
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// A gateway, a worker or an engine alone: one verb of the command line in a JVM as `up` starts it,
/// on a port of its own, which it keeps when it is started again.
final class Node {
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Duration ASK_LIMIT = Duration.ofSeconds(10);
  private static final Duration GRACE = Duration.ofSeconds(20);
  private static final int OK = 200;
  private static final Pattern WORKER_ID = Pattern.compile("\\bworker (w[0-9a-f]{16}): ");

  /// The most heap of each kind, MiB, as in `up`.
  static final int GATEWAY_HEAP_MIB = 1024;

  private static final int WORKER_HEAP_MIB = 512;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final int port;
  private final String readyPage;
  private final ChildProcess.Command command;
  private volatile ChildProcess child;

  private Node(int port, String readyPage, ChildProcess.Command command) {
    this.port = port;
    this.readyPage = readyPage;
    this.command = command;
    this.child = ChildProcess.start(command);
  }

  static Node gateway(Path directory, String name, Map<String, String> settings) {
    int port = freePort();
    return new Node(
        port,
        "/health/ready",
        command(
            directory, name, GATEWAY_HEAP_MIB, List.of("gateway"), "PARLEY_PORT", port, settings));
  }

  static Node worker(Path directory, String name, Map<String, String> settings) {
    int port = freePort();
    return new Node(
        port,
        "/health/ready",
        command(
            directory,
            name,
            WORKER_HEAP_MIB,
            List.of("worker"),
            "PARLEY_WORKER_PORT",
            port,
            settings));
  }

  /// `worker --serve`: the engine without queue and stream.
  static Node engine(Path directory, String name, Map<String, String> settings) {
    int port = freePort();
    return new Node(
        port,
        "/v1/models",
        command(
            directory,
            name,
            WORKER_HEAP_MIB,
            List.of("worker", "--serve", Integer.toString(port)),
            "PARLEY_WORKER_PORT",
            0,
            settings));
  }

  private static ChildProcess.Command command(
      Path directory,
      String name,
      int heapMib,
      List<String> words,
      String portName,
      int port,
      Map<String, String> settings) {
    Map<String, String> environment = new HashMap<>(settings);
    environment.put(portName, Integer.toString(port));
    environment.put("PARLEY_LOG_FORMAT", "human");
    List<String> line = new ArrayList<>(Programs.java(heapMib, Main.class.getName()));
    line.addAll(words);
    return new ChildProcess.Command(
        name, line, environment, directory, directory.resolve(name + ".log"), GRACE);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return command.name();
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

  /// Another process in the place of one that ended.
  void startAgain() {
    child = ChildProcess.start(command);
  }

  void awaitReady() throws InterruptedException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (!isReady()) {
      if (!child.isAlive() || System.nanoTime() > deadline) {
        throw new StartException(name() + " does not become ready:\n" + child.tail());
      }
      TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
    }
  }

  private boolean isReady() throws InterruptedException {
    try {
      return HTTP.send(get(readyPage), BodyHandlers.discarding()).statusCode() == OK;
    } catch (IOException e) {
      // Nobody serves there yet.
      return false;
    }
  }

  private HttpRequest get(String page) {
    return HttpRequest.newBuilder(url().resolve(page)).timeout(ASK_LIMIT).build();
  }

  /// The sum of a metric's samples whose line contains `label`; 0 when there is none.
  double metric(String metric, String label) throws InterruptedException {
    try {
      return HTTP.send(get("/metrics"), BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith(metric + "{") || line.startsWith(metric + " "))
          .filter(line -> line.contains(label))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(name() + " shows no metrics", e);
    }
  }

  /// Under which name the worker that runs now claims prompts, as it says itself in its log.
  String workerId() {
    String last = "";
    try {
      for (String line : Files.readAllLines(command.log())) {
        var matcher = WORKER_ID.matcher(line);
        last = matcher.find() ? matcher.group(1) : last;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return last;
  }
}
