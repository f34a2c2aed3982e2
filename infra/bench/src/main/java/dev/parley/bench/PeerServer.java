package dev.parley.bench;

import dev.parley.shared.config.Config;
import dev.parley.shared.config.ModelName;
import dev.parley.shared.fetch.Assets;
import dev.parley.standalone.ChildProcess;
import dev.parley.standalone.Node;
import dev.parley.standalone.Ports;
import dev.parley.standalone.Signals;
import dev.parley.standalone.StartException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// A running peer. While others are measured it is stopped by a signal, so that it takes no processor.
final class PeerServer {
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final int OK = 200;

  /// More than all conversations of a scenario take.
  private static final String SHARED_MIB = "2048";

  private static final String ALL_LAYERS = "99";

  private final Peer peer;
  private final List<ChildProcess> processes;
  private final List<Node> workers;
  private final Supplier<List<CompletionClient>> connect;
  private final Runnable awaitReady;
  private List<CompletionClient> clients;

  /// @param processes that are stopped and go on; the last one computes
  /// @param workers those that are ours and compute
  /// @param awaitReady waits until it serves again after it was stopped
  private PeerServer(
      Peer peer,
      List<ChildProcess> processes,
      List<Node> workers,
      Supplier<List<CompletionClient>> connect,
      Runnable awaitReady) {
    this.peer = peer;
    this.processes = processes;
    this.workers = workers;
    this.connect = connect;
    this.awaitReady = awaitReady;
    this.clients = connect.get();
  }

  /// What all peers are started with.
  ///
  /// @param assets the model, and the libraries that all of them load
  /// @param llamaServer the program
  /// @param threads that compute
  /// @param gpu whether a GPU computes; ours takes it by itself
  record Setup(Assets assets, String model, Path llamaServer, int threads, boolean gpu) {
    List<String> line(Peer peer, Capacity capacity, int port) {
      List<String> line = new ArrayList<>();
      line.add(llamaServer.toString());
      line.addAll(List.of("-m", assets.model(model).toString()));
      line.addAll(List.of("--host", "127.0.0.1", "--port", Integer.toString(port)));
      line.addAll(flags(peer, capacity));
      return line;
    }

    /// What makes the difference, for the report.
    List<String> flags(Peer peer, Capacity capacity) {
      List<String> flags = new ArrayList<>();
      flags.addAll(List.of("-np", Integer.toString(capacity.slots())));
      flags.addAll(List.of("-c", Integer.toString(capacity.slots() * capacity.slotTokens())));
      flags.addAll(List.of("-t", Integer.toString(threads), "-fa", "on", "--no-webui"));
      if (gpu) {
        flags.addAll(List.of("-ngl", ALL_LAYERS));
      }
      flags.addAll(peer.flags());
      capacity
          .prefixMib()
          .ifPresent(mib -> flags.addAll(List.of("--cache-ram", Integer.toString(mib))));
      return flags;
    }

    /// Ours beside [#flags], for the report.
    Map<String, String> settings(Capacity capacity) {
      Map<String, String> all = new HashMap<>();
      all.put("PARLEY_SLOTS", Integer.toString(capacity.slots()));
      all.put("PARLEY_CONTEXT", Integer.toString(capacity.slotTokens()));
      all.put("PARLEY_THREADS", Integer.toString(Math.max(1, threads / capacity.workers())));
      capacity
          .prefixMib()
          .ifPresent(mib -> all.put("PARLEY_PREFIX_CACHE_MIB", Integer.toString(mib)));
      if (capacity.workers() > 1) {
        all.put("PARLEY_PREFIX_FILES_MIB", SHARED_MIB);
      }
      return all;
    }

    /// With the files that the rivals are given too.
    Map<String, String> environment(Capacity capacity) {
      Map<String, String> all = new HashMap<>(settings(capacity));
      all.put("PARLEY_LIB_DIR", assets.libraries().toString());
      all.put("PARLEY_MODEL", assets.model(model).toString());
      return all;
    }
  }

  /// Starts it and waits until it serves.
  static PeerServer start(Peer peer, Capacity capacity, Setup setup, Processes processes) {
    return switch (peer) {
      case PARLEY -> startParley(capacity, setup, processes);
      case PATH -> startPath(capacity, setup, processes);
      case DEFAULT, B128, B71, KVU, Q8, B512, BS -> startRival(peer, capacity, setup, processes);
    };
  }

  private static PeerServer startParley(Capacity capacity, Setup setup, Processes processes) {
    Map<String, String> settings = setup.environment(capacity);
    settings.put("PARLEY_DATA", processes.directory().resolve("data").toString());
    List<Node> nodes = new ArrayList<>();
    for (int i = 1; i <= capacity.workers(); i++) {
      Node node = Node.engine(processes.directory(), "parley-" + i, settings, Node.Jvm.FULL);
      processes.started(node::kill);
      nodes.add(node);
    }
    nodes.forEach(Node::awaitReady);
    return new PeerServer(
        Peer.PARLEY,
        nodes.stream().map(Node::child).toList(),
        nodes,
        () -> nodes.stream().map(n -> new CompletionClient(n.url(), setup.model())).toList(),
        () -> {});
  }

  /// Kafka and Redis are never stopped: without work they take next to nothing.
  private static PeerServer startPath(Capacity capacity, Setup setup, Processes processes) {
    Map<String, String> settings = setup.environment(capacity);
    settings.putAll(capacity.pathSettings());
    Rig rig = Rig.start(settings);
    processes.started(rig::close);
    Node gateway = rig.addGateway();
    Node worker = rig.addWorker();
    // A model that is a file is asked for by its name alone.
    String model = ModelName.of(Config.load(settings, Map.of()));
    Supplier<CompletionClient> client = () -> new CompletionClient(gateway.url(), model);
    Runnable awaitReady =
        () -> {
          rig.awaitReady();
          awaitAnswer(client.get());
        };
    awaitReady.run();
    return new PeerServer(
        Peer.PATH,
        List.of(gateway.child(), worker.child()),
        List.of(worker),
        () -> List.of(client.get()),
        awaitReady);
  }

  /// A worker that was stopped has to find its place in the queue's group again.
  private static void awaitAnswer(CompletionClient client) {
    Question hello = new Question(Prompts.SYSTEM, "Hello.", 1, 0, 1).by(Question.ANYBODY);
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    try {
      Reply reply = OpenLoop.ask(client, Ask.now("hello", hello));
      while (reply.completion().isEmpty()) {
        if (System.nanoTime() > deadline) {
          throw new StartException("the whole path does not answer: " + reply.failure());
        }
        LockSupport.parkNanos(PAUSE.toNanos());
        reply = OpenLoop.ask(client, Ask.now("hello", hello));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static PeerServer startRival(
      Peer peer, Capacity capacity, Setup setup, Processes processes) {
    int port = Ports.free();
    Path libraries = setup.assets().libraries();
    ChildProcess process =
        ChildProcess.start(
            new ChildProcess.Command(
                "llama-server " + peer.option(),
                setup.line(peer, capacity, port),
                // The libraries that our engine loads, and not those that it was built with.
                Map.of("LD_LIBRARY_PATH", libraries.toString()),
                libraries,
                processes.directory().resolve(peer.option() + ".log"),
                GRACE));
    processes.started(process::kill);
    URI url = URI.create("http://127.0.0.1:" + port);
    awaitHealth(process, url);
    return new PeerServer(
        peer,
        List.of(process),
        List.of(),
        () -> List.of(new CompletionClient(url, setup.model())),
        () -> {});
  }

  private static void awaitHealth(ChildProcess process, URI url) {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    try (HttpClient http = HttpClient.newHttpClient()) {
      while (!isHealthy(http, url)) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw new StartException(process.name() + " does not serve:\n" + process.tail());
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private static boolean isHealthy(HttpClient http, URI url) {
    try {
      var request = HttpRequest.newBuilder(url.resolve("/health")).timeout(START_LIMIT).build();
      return http.send(request, BodyHandlers.discarding()).statusCode() == OK;
    } catch (IOException e) {
      // It does not listen yet: that is the answer.
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  Peer peer() {
    return peer;
  }

  Endpoint endpoint() {
    return new Endpoint(peer, clients, processes.getLast().pid());
  }

  /// Since it was started; a rival counts nothing of it.
  WorkerCounts counts() {
    return WorkerCounts.of(workers);
  }

  void pause() {
    processes.forEach(process -> Signals.send("STOP", process.pid()));
  }

  /// Its clients are new ones: connections that were idle for so long would be closed under its hands.
  void resume() {
    clients = connect.get();
    processes.forEach(process -> Signals.send("CONT", process.pid()));
    awaitReady.run();
  }
}
