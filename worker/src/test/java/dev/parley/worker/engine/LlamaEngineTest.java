package dev.parley.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.Cuts;
import dev.parley.shared.wire.Dry;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Logprobs;
import dev.parley.shared.wire.Penalties;
import dev.parley.shared.wire.Sampling;
import dev.parley.shared.wire.TokenLogprob;
import dev.parley.shared.wire.TokenRules;
import dev.parley.shared.wire.Xtc;
import dev.parley.worker.engine.EngineOutput.Ended;
import dev.parley.worker.llama.KvType;
import dev.parley.worker.llama.TestModel;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LlamaEngineTest extends BatchingEngineContract {
  @Override
  protected Engine start(EngineSettings settings, StepListener listener) {
    return LlamaEngine.start(
        new LlamaEngine.Options(
            TestModel.libraries(),
            TestModel.file(),
            SLOTS,
            CONTEXT_TOKENS,
            KvType.F16,
            TestModel.THREADS),
        settings,
        listener);
  }

  @Override
  List<Integer> cuts(int length) {
    return List.of(0, 1, length / 2, length - 1, length);
  }

  @Test
  void knows_the_capital_of_France() {
    // Under the system prompt that its template adds by itself this small model raves in French.
    List<ChatMessage> messages =
        List.of(
            ChatMessage.system("You are a helpful assistant."),
            ChatMessage.user("What is the capital of France?"));
    run("a", messages, Sampling.greedy(30));
    assertThat(probe.text("a")).contains("Paris");
  }

  @Test
  void remembers_the_first_turn_with_and_without_its_token_ids() {
    List<ChatMessage> first = question("My name is Bartholomew. Please greet me by my name.");
    run("first", first, Sampling.greedy(30));
    for (List<Integer> ids : List.of(List.<Integer>of(), probe.ids("first"))) {
      ChatMessage answer =
          new ChatMessage("assistant", probe.text("first"), ids, engine().info().fingerprint());
      List<ChatMessage> messages =
          List.of(first.getFirst(), answer, ChatMessage.user("What is my name?"));
      String id = "second" + ids.size();
      run(id, messages, Sampling.greedy(30));
      assertThat(probe.text(id)).contains("Bartholomew");
    }
  }

  @Test
  void controls_that_look_at_the_text_go_on_where_it_broke_off() {
    Sampling controlled =
        sampling(40, 0.8, List.of())
            .change()
            .cuts(new Cuts(0.95, 2, new Xtc(0.5, 0.1)))
            .rules(new TokenRules(Map.of(), 40, 3))
            .penalties(new Penalties(1.1, 0.2, 0.2, -1))
            .dry(new Dry(0.8, 1.75, 2, -1, List.of("\n")))
            .build();
    run("whole", COUNT, controlled);
    List<Integer> ids = probe.ids("whole");
    assertThat(ids).hasSize(40);
    for (int cut : List.of(1, 20, 39)) {
      run("cut" + cut, COUNT, controlled, new Resume(ids.subList(0, cut), ""));
      assertThat(probe.ids("cut" + cut)).isEqualTo(ids.subList(cut, 40));
    }
  }

  @Test
  void a_short_answer_is_made_longer_and_does_not_repeat_itself() {
    List<ChatMessage> hello = question("Say hello.");
    Sampling rules = Sampling.greedy(120).change().rules(new TokenRules(Map.of(), 100, 3)).build();
    Ended ended = run("long", hello, rules);
    assertThat(ended.usage().completionTokens()).isGreaterThanOrEqualTo(100);
    List<Integer> ids = probe.ids("long");
    Set<List<Integer>> seen = new HashSet<>();
    for (int i = 0; i + 3 <= ids.size(); i++) {
      assertThat(seen.add(ids.subList(i, i + 3))).isTrue();
    }
  }

  @Test
  void a_bias_for_a_token_that_the_model_does_not_have_ends_the_request() {
    int vocabulary = engine().info().vocabulary();
    TokenRules beyond = new TokenRules(Map.of(vocabulary, 1.0), 0, 0);
    Ended ended = run("a", COUNT, Sampling.greedy(5).change().rules(beyond).build());
    assertThat(ended.reason()).isEqualTo(EndReason.UNKNOWN_TOKEN);
    assertThat(ended.detail()).contains("logit_bias", String.valueOf(vocabulary));
  }

  @Test
  void logprobs_come_with_the_tokens_and_change_none() {
    run("plain", COUNT, Sampling.greedy(20));
    run("scored", COUNT, Sampling.greedy(20).change().logprobs(new Logprobs(true, 3)).build());
    assertThat(probe.ids("scored")).isEqualTo(probe.ids("plain"));
    assertThat(probe.logprobs("plain")).isEmpty();
    List<TokenLogprob> logprobs = probe.logprobs("scored");
    assertThat(logprobs).hasSize(probe.ids("scored").size());
    for (TokenLogprob logprob : logprobs) {
      // Greedy takes the most probable.
      assertThat(logprob.top()).hasSize(3);
      assertThat(logprob.top().getFirst().bytes()).isEqualTo(logprob.bytes());
      assertThat(logprob.top().getFirst().logprob()).isEqualTo(logprob.logprob());
      assertThat(logprob.logprob()).isNegative();
    }
  }

  @Test
  void says_what_it_runs() {
    EngineInfo info = engine().info();
    assertThat(info.slots()).isEqualTo(SLOTS);
    assertThat(info.contextTokens()).isEqualTo(CONTEXT_TOKENS);
    assertThat(info.kvType()).isEqualTo("f16");
    assertThat(info.kvBytesPerToken()).isEqualTo(23040);
    assertThat(info.fingerprint()).hasSize(16);
  }
}
