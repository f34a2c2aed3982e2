package dev.parley.system.web;

import dev.parley.gateway.chat.InboundMessage;
import dev.parley.gateway.testing.FakeModel;
import dev.parley.gateway.testing.FakeTurns;
import dev.parley.gateway.web.ApiKeys;
import dev.parley.gateway.web.WebLimits;
import dev.parley.gateway.web.WebServerModule;
import dev.parley.gateway.web.WebSettings;
import dev.parley.shared.wire.Sampling;
import java.time.Duration;
import java.util.List;

/// A gateway to test, over turns in memory. The model repeats what it was told after `say:`, else it
/// counts to two hundred.
final class WebTarget implements AutoCloseable {
  /// Slow enough that a test can act in the middle, fast enough that it ends.
  private static final Duration PACE = Duration.ofMillis(40);

  final FakeTurns turns = new FakeTurns();
  private final FakeModel model = new FakeModel(turns, PACE, WebTarget::answer);
  private WebServerModule server = start(0);

  private WebServerModule start(int port) {
    return WebServerModule.start(
        new WebSettings(
            "127.0.0.1", port, ApiKeys.none(), Sampling.greedy(1000), WebLimits.DEFAULTS),
        turns,
        () -> List.of("tiny"),
        routing -> {});
  }

  String url() {
    return "http://127.0.0.1:" + server.port();
  }

  /// Another gateway in place of this one, as behind a load balancer: the address stays.
  void replaceGateway() {
    int port = server.port();
    server.close();
    server = start(port);
  }

  @Override
  public void close() {
    server.close();
    model.close();
  }

  private static String answer(InboundMessage message) {
    String text = message.request().messages().getLast().content();
    if (text.startsWith("say:")) {
      return text.substring("say:".length());
    }
    StringBuilder count = new StringBuilder();
    for (int i = 1; i <= 200; i++) {
      count.append(i).append(' ');
    }
    return count.toString();
  }
}
