package dev.parley.worker.openai;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parley.worker.engine.Engine;
import dev.parley.worker.engine.EngineContract;
import dev.parley.worker.engine.EngineSettings;
import dev.parley.worker.engine.StepListener;
import dev.parley.worker.llama.TestModel;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/// The contract on llama-server of the pinned release, where it is built.
class LlamaServerEngineTest extends EngineContract {
  private static final Path PROGRAM = TestModel.home().resolve("llama-server-0.5.0/llama-server");
  private static final Duration LOADING = Duration.ofMinutes(2);

  private static Process server;
  private static URI url;

  @BeforeAll
  static void startServer() throws IOException {
    assumeTrue(
        Files.isExecutable(PROGRAM),
        PROGRAM + " is missing: infra/bench/build-llama-server.sh builds it");
    int port = freePort();
    url = URI.create("http://127.0.0.1:" + port);
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    PROGRAM.toString(),
                    "-m",
                    TestModel.file().toString(),
                    "--host",
                    "127.0.0.1",
                    "--port",
                    String.valueOf(port),
                    "-np",
                    String.valueOf(SLOTS),
                    "-c",
                    String.valueOf(SLOTS * CONTEXT_TOKENS),
                    "-t",
                    String.valueOf(TestModel.THREADS),
                    "--no-webui"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("LD_LIBRARY_PATH", TestModel.libraries().toString());
    server = builder.directory(TestModel.libraries().toFile()).start();
  }

  @AfterAll
  static void stopServer() throws InterruptedException {
    if (server != null) {
      server.destroyForcibly();
      server.waitFor();
    }
  }

  @Override
  protected Engine start(EngineSettings settings, StepListener listener) {
    Engine engine =
        RemoteEngine.start(RemoteSettings.of(url).withRoom(SLOTS, settings.maxWaiting()), listener);
    await().atMost(LOADING).until(() -> engine.trouble().isEmpty());
    return engine;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
