package dev.parley.worker.openai;

import dev.parley.shared.config.HttpBind;
import dev.parley.shared.wire.Sampling;
import dev.parley.worker.engine.EngineSettings;
import dev.parley.worker.engine.FakeEngine;
import dev.parley.worker.serve.EngineServer;
import java.net.URI;
import java.util.List;

/// `worker --serve` on the fake engine: a server whose answers can be foretold.
final class FakeEngineServer implements AutoCloseable {
  private static final FakeEngine.Options OPTIONS = new FakeEngine.Options(4, 1024, 2000, 200_000);

  private final EngineServer server;

  /// @param port 0 takes a free one
  FakeEngineServer(int port) {
    server =
        EngineServer.start(
            "a-model",
            new HttpBind("127.0.0.1", port, List.of()),
            listener -> FakeEngine.start(OPTIONS, EngineSettings.DEFAULT, listener),
            Sampling.greedy(100));
  }

  int port() {
    return server.port();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port());
  }

  @Override
  public void close() {
    server.close();
  }
}
