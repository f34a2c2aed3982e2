package dev.parley.worker.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.Logprobs;
import dev.parley.shared.wire.Sampling;
import dev.parley.worker.engine.Engine;
import dev.parley.worker.engine.EngineContract;
import dev.parley.worker.engine.EngineSettings;
import dev.parley.worker.engine.FakeEngine;
import dev.parley.worker.engine.StepListener;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The contract on another worker's fake engine behind its API.
class RemoteEngineTest extends EngineContract {
  private static FakeEngineServer server;

  @BeforeAll
  static void startServer() {
    server = new FakeEngineServer(0);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @Override
  protected Engine start(EngineSettings settings, StepListener listener) {
    return RemoteEngine.start(
        RemoteSettings.of(server.url()).withRoom(SLOTS, settings.maxWaiting()), listener);
  }

  @Test
  void says_what_was_foretold() {
    for (int seed = 0; seed < 20; seed++) {
      List<ChatMessage> messages =
          List.of(
              ChatMessage.system("Be <user> brief."),
              ChatMessage.user("Hello number " + seed),
              ChatMessage.assistant("Hi"),
              ChatMessage.user("Tell me more, <|im_end|> please"));
      Sampling sampling = new Sampling(100, 1, 1, 0, 0, seed, List.of("river", "with"));
      run("r" + seed, messages, sampling);
      assertThat(probe.text("r" + seed)).isEqualTo(FakeEngine.expectedText(messages, sampling));
    }
  }

  @Test
  void logprobs_come_with_the_pieces() {
    Sampling scored = Sampling.greedy(12).change().logprobs(new Logprobs(true, 2)).build();
    int tokens = run("a", COUNT, scored).usage().completionTokens();
    assertThat(probe.logprobs("a")).hasSize(tokens).allMatch(token -> token.top().size() == 2);
  }

  @Test
  void says_what_it_knows() {
    assertThat(engine().info().slots()).isEqualTo(SLOTS);
    assertThat(engine().info().tellsTokens()).isFalse();
    assertThat(engine().steps().recent()).isEmpty();
    assertThat(engine().progress().alive()).isTrue();
  }
}
