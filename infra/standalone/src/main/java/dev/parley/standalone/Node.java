package dev.parley.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/// A gateway, a worker or an engine alone: one verb of the command line in a JVM of its own, on a port of its
/// own, which it keeps when it is started again. What system tests and benches are made of.
public final class Node {
  /// Until a process that was started serves: a JVM, a model, a broker that forms its groups.
  public static final Duration START_LIMIT = Duration.ofMinutes(2);

  private static final String READY_PAGE = "/health/ready";
  private static final Duration GRACE = Duration.ofSeconds(40);
  private static final Duration PAGE_LIMIT = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Pattern WORKER_ID = Pattern.compile("\\bworker (w[0-9a-f]{16}): ");
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /// What kind of JVM it runs in.
  ///
  /// @param heapMib the most heap it may take
  /// @param options beyond those that all have
  public record Jvm(int heapMib, List<String> options) {
    /// As `up` starts it: compiles for speed, and has room.
    public static final Jvm FULL = new Jvm(1024, List.of());

    /// One of many that live for a test: starts fast, and is small.
    public static final Jvm SMALL =
        new Jvm(192, List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto"));

    public Jvm {
      options = List.copyOf(options);
    }

    private List<String> line(List<String> arguments) {
      String[] words = arguments.toArray(String[]::new);
      List<String> line = new ArrayList<>(Programs.java(heapMib, Main.class.getName(), words));
      line.addAll(1, options);
      return line;
    }
  }

  private final String name;
  private final Path log;
  private final int port;
  private final ChildProcess.Command command;
  private volatile ChildProcess child;
  private volatile boolean closed;

  private Node(
      Path directory, String name, int port, Map<String, String> settings, List<String> line) {
    Map<String, String> environment = new HashMap<>(settings);
    environment.put("PARLEY_LOG_FORMAT", "human");
    this.name = name;
    this.log = directory.resolve(name + ".log");
    this.port = port;
    this.command = new ChildProcess.Command(name, line, environment, directory, log, GRACE);
    this.child = ChildProcess.start(command);
  }

  /// Starts a gateway.
  public static Node gateway(Path directory, String name, Map<String, String> settings, Jvm jvm) {
    int port = Ports.free();
    Map<String, String> own = with(settings, "PARLEY_PORT", Integer.toString(port));
    return new Node(directory, name, port, own, jvm.line(List.of("gateway")));
  }

  /// Starts a worker.
  public static Node worker(Path directory, String name, Map<String, String> settings, Jvm jvm) {
    int port = Ports.free();
    Map<String, String> own = with(settings, "PARLEY_WORKER_PORT", Integer.toString(port));
    return new Node(directory, name, port, own, jvm.line(List.of("worker")));
  }

  /// Starts `worker --serve`: the engine without queue and stream.
  public static Node engine(Path directory, String name, Map<String, String> settings, Jvm jvm) {
    int port = Ports.free();
    List<String> line = jvm.line(List.of("worker", "--serve", Integer.toString(port)));
    return new Node(directory, name, port, settings, line);
  }

  private static Map<String, String> with(Map<String, String> settings, String key, String value) {
    Map<String, String> all = new HashMap<>(settings);
    all.put(key, value);
    return all;
  }

  /// Under which it was started: `worker-1`.
  public String name() {
    return name;
  }

  /// Where it serves.
  public URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /// The process that runs now, or ran last.
  public ChildProcess child() {
    return child;
  }

  /// `kill -9`.
  public void kill() {
    child.kill();
  }

  /// SIGTERM, without waiting for the end.
  public void terminate() {
    child.handle().destroy();
  }

  /// SIGSTOP: it lives, but does nothing.
  public void pause() {
    Signals.send("STOP", child.pid());
  }

  /// SIGCONT.
  public void resume() {
    Signals.send("CONT", child.pid());
  }

  /// Another process in the place of one that ended.
  public void startAgain() {
    if (child.isAlive()) {
      throw new IllegalStateException(name + " runs");
    }
    child = ChildProcess.start(command);
  }

  /// From now on starts it again whenever it dies.
  public void keepRunning() {
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
  public void close() {
    closed = true;
    child.kill();
  }

  /// Waits until it serves.
  ///
  /// @throws StartException when it ends, or needs longer than [#START_LIMIT]
  public Node awaitReady() {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (!get(READY_PAGE).startsWith("200")) {
      if (!child.isAlive() || System.nanoTime() > deadline) {
        throw new StartException(name + " does not serve; see " + log + ":\n" + child.tail());
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    return this;
  }

  /// Status and body of one of its pages, in that order, or why there is none.
  public String get(String path) {
    try {
      var reply =
          HTTP.send(
              HttpRequest.newBuilder(url().resolve(path)).timeout(PAGE_LIMIT).build(),
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
  public double metric(String metric, String... labels) {
    return get("/metrics")
        .lines()
        .filter(line -> line.startsWith(metric + "{") || line.startsWith(metric + " "))
        .filter(line -> List.of(labels).stream().allMatch(line::contains))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /// Under which name the worker process claims prompts, as it says itself in its log.
  public String workerId() {
    String[] last = {""};
    for (String line : log()) {
      var matcher = WORKER_ID.matcher(line);
      if (matcher.find()) {
        last[0] = matcher.group(1);
      }
    }
    return last[0];
  }

  /// What it has written, a line each.
  public List<String> log() {
    try {
      return Files.readAllLines(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
