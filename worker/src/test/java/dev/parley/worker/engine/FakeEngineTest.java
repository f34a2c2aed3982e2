package dev.parley.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.Sampling;
import dev.parley.worker.schedule.StepPlan.CacheMove;
import java.util.List;
import org.junit.jupiter.api.Test;

class FakeEngineTest extends BatchingEngineContract {
  @Override
  protected Engine start(EngineSettings settings, StepListener listener) {
    return FakeEngine.start(
        new FakeEngine.Options(SLOTS, CONTEXT_TOKENS, 2000, 200_000), settings, listener);
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
  void preempted_answers_say_what_was_foretold() {
    int requests = 5 * SLOTS;
    for (int i = 0; i < requests; i++) {
      engine().submit(EngineRequest.of("r" + i, wish(i), Sampling.greedy(500)));
    }
    for (int i = 0; i < requests; i++) {
      probe.awaitEnd("r" + i);
      assertThat(probe.text("r" + i))
          .isEqualTo(FakeEngine.expectedText(wish(i), Sampling.greedy(500)));
    }
    assertThat(engine().steps().recent())
        .anyMatch(step -> step.plan().caches().stream().anyMatch(CacheMove.Out.class::isInstance))
        .anyMatch(step -> step.plan().caches().stream().anyMatch(CacheMove.In.class::isInstance));
  }

  private static List<ChatMessage> wish(int number) {
    return List.of(ChatMessage.user("Give me " + (60 + 17 * number) + " words please"));
  }

  @Test
  void gives_as_many_words_as_asked_for() {
    List<ChatMessage> messages = List.of(ChatMessage.user("Give me 100 words please"));
    run("a", messages, Sampling.greedy(500));
    assertThat(probe.ids("a")).hasSize(100);
    assertThat(probe.text("a")).startsWith("You said: Give me 100 words please ");
  }

  @Test
  void a_resumed_answer_is_the_uninterrupted_one_at_every_cut() {
    Sampling sampling = Sampling.greedy(200);
    List<String> expected = FakeEngine.expectedTokens(COUNT, sampling);
    run("whole", COUNT, sampling);
    List<Integer> ids = probe.ids("whole");
    for (int cut = 0; cut <= ids.size(); cut++) {
      String shown = String.join("", expected.subList(0, cut));
      run("cut" + cut, COUNT, sampling, new Resume(ids.subList(0, cut), shown));
      assertThat(shown + probe.text("cut" + cut)).isEqualTo(String.join("", expected));
      assertThat(probe.ids("cut" + cut)).isEqualTo(ids.subList(cut, ids.size()));
    }
  }
}
