package dev.parley.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.Sampling;
import dev.parley.worker.llama.KvType;
import dev.parley.worker.llama.TestModel;
import java.util.List;
import org.junit.jupiter.api.Test;

class LlamaEngineTest extends EngineContract {
  @Override
  Engine start(EngineSettings settings, StepListener listener) {
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
  void says_what_it_runs() {
    EngineInfo info = engine().info();
    assertThat(info.slots()).isEqualTo(SLOTS);
    assertThat(info.contextTokens()).isEqualTo(CONTEXT_TOKENS);
    assertThat(info.kvType()).isEqualTo("f16");
    assertThat(info.kvBytesPerToken()).isEqualTo(23040);
    assertThat(info.fingerprint()).hasSize(16);
  }
}
