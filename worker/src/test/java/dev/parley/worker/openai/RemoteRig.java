package dev.parley.worker.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.shared.config.Secret;
import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Sampling;
import dev.parley.worker.engine.Engine;
import dev.parley.worker.engine.EngineOutput.Ended;
import dev.parley.worker.engine.EngineProbe;
import dev.parley.worker.engine.EngineRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A remote engine of two slots before a scripted server, and one request, `fault`, that a test's script answers.
final class RemoteRig implements AutoCloseable {
  static final Duration LONG = Duration.ofMinutes(2);
  private static final String FAULT = "fault";
  private static final int SLOTS = 2;

  private final ScriptedServer server = new ScriptedServer();
  private final EngineProbe probe = new EngineProbe();
  private Engine engine = start(LONG, LONG);

  private Engine start(Duration firstToken, Duration idle) {
    return RemoteEngine.start(
        RemoteSettings.of(server.url())
            .withKey(Optional.of(new Secret("a-secret")))
            .withRoom(SLOTS, 8)
            .withPatience(firstToken, idle, LONG),
        probe);
  }

  /// Starts the engine anew, with such patience.
  void patience(Duration firstToken, Duration idle) {
    engine.close();
    engine = start(firstToken, idle);
  }

  ScriptedServer server() {
    return server;
  }

  EngineProbe probe() {
    return probe;
  }

  Engine engine() {
    return engine;
  }

  static EngineRequest request(String message) {
    return EngineRequest.of(message, List.of(ChatMessage.user(message)), Sampling.greedy(50));
  }

  /// Submits the request that the script answers.
  void ask(ScriptedServer.Script script) {
    server.when(FAULT, script);
    engine.submit(request(FAULT));
  }

  /// Runs that request beside another one, which is answered.
  Ended run(ScriptedServer.Script script) {
    ask(script);
    engine.submit(request("other"));
    assertThat(probe.awaitEnd("other").reason()).isEqualTo(EndReason.STOP);
    assertThat(probe.text("other")).isEqualTo("Hello, world.");
    Ended ended = awaitEnd();
    await().until(() -> engine.load().free() == SLOTS);
    awaitHungUp();
    return ended;
  }

  Ended awaitEnd() {
    return probe.awaitEnd(FAULT);
  }

  /// Waits until no completion's connection is open.
  void awaitHungUp() {
    await().until(() -> server.open() == 0);
  }

  /// The answer so far.
  String text() {
    return probe.text(FAULT);
  }

  /// How often the server was asked.
  int tries() {
    return server.tries(FAULT);
  }

  @Override
  public void close() {
    engine.close();
    server.close();
    assertThat(probe.broken()).isEmpty();
  }
}
