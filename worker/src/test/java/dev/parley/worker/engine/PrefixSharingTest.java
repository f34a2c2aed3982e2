package dev.parley.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.Lane;
import dev.parley.shared.wire.Sampling;
import dev.parley.worker.llama.DecodeResult;
import dev.parley.worker.llama.TokenBatch;
import dev.parley.worker.schedule.StepPlan.CacheMove;
import dev.parley.worker.schedule.StepPlan.Chunk;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What is computed once is not computed again, and nobody's words become another's.
class PrefixSharingTest {
  private static final int SYSTEM_WORDS = 300;

  private final EngineProbe probe = new EngineProbe();
  private final Engine engine =
      BatchingEngine.start(
          new ForwardingModel(new FakeModel(new FakeEngine.Options(4, 1024, 5_000, 200_000))) {
            @Override
            public DecodeResult decode(TokenBatch batch, boolean prefill) {
              awaitGate();
              return super.decode(batch, prefill);
            }
          },
          EngineSettings.DEFAULT.change().maxWaiting(64).build(),
          probe);

  /// Closed, it holds the engine in its step, so that all that is submitted arrives before the next.
  private volatile CountDownLatch gate = new CountDownLatch(0);

  private void awaitGate() {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void close() {
    engine.close();
    assertThat(probe.broken()).isEmpty();
  }

  private static List<ChatMessage> question(String text) {
    return List.of(ChatMessage.system("rule ".repeat(SYSTEM_WORDS)), ChatMessage.user(text));
  }

  private void submit(String id, String scope, List<ChatMessage> messages) {
    engine.submit(
        new EngineRequest(
            id, "", scope, messages, Sampling.greedy(30), Resume.NONE, false, Lane.INTERACTIVE));
  }

  private void awaitWhole(String id, List<ChatMessage> messages) {
    probe.awaitEnd(id);
    assertThat(probe.text(id)).isEqualTo(FakeEngine.expectedText(messages, Sampling.greedy(30)));
  }

  /// Prompt tokens that were computed for a request.
  private int computed(String id) {
    return engine.steps().recent().stream()
        .flatMap(step -> step.plan().chunks().stream())
        .filter(chunk -> chunk.id().equals(id))
        .mapToInt(Chunk::tokens)
        .sum();
  }

  private long reuses() {
    return engine.steps().recent().stream()
        .flatMap(step -> step.plan().caches().stream())
        .filter(CacheMove.Reuse.class::isInstance)
        .count();
  }

  @Test
  void a_burst_with_one_system_prompt_computes_it_once() {
    List<List<ChatMessage>> questions = new ArrayList<>();
    gate = new CountDownLatch(1);
    submit("before", "another", List.of(ChatMessage.user("something else")));
    for (int i = 0; i < 12; i++) {
      questions.add(question("question " + i));
      submit("r" + i, "key", questions.get(i));
    }
    gate.countDown();
    for (int i = 0; i < 12; i++) {
      awaitWhole("r" + i, questions.get(i));
    }
    assertThat(computed("r0")).isGreaterThan(SYSTEM_WORDS);
    for (int i = 1; i < 12; i++) {
      assertThat(computed("r" + i)).isLessThan(80);
    }
  }

  @Test
  void the_next_turn_begins_where_the_last_one_ended() {
    List<ChatMessage> first = question("a first question");
    submit("first", "c", first);
    awaitWhole("first", first);
    List<ChatMessage> second = new ArrayList<>(first);
    second.add(ChatMessage.assistant(probe.text("first").strip()));
    second.add(ChatMessage.user("and a second one"));
    submit("second", "c", second);
    awaitWhole("second", second);
    assertThat(computed("second")).isLessThan(128);
  }

  @Test
  void nothing_is_shared_between_scopes() {
    List<ChatMessage> messages = question("a question");
    submit("mine", "me", messages);
    awaitWhole("mine", messages);
    submit("yours", "you", messages);
    awaitWhole("yours", messages);
    assertThat(reuses()).isZero();
    assertThat(computed("yours")).isEqualTo(computed("mine"));
  }

  @Test
  void followers_go_on_without_a_leader_that_is_cancelled() {
    for (int i = 0; i < 8; i++) {
      submit("r" + i, "key", question("question " + i));
    }
    engine.cancel("r0");
    probe.awaitEnd("r0");
    for (int i = 1; i < 8; i++) {
      awaitWhole("r" + i, question("question " + i));
    }
  }
}
