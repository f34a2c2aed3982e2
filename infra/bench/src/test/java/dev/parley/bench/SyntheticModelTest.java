package dev.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.shared.config.Config;
import dev.parley.shared.fetch.Assets;
import dev.parley.shared.testing.GgufReader;
import dev.parley.shared.testing.GgufWriter;
import dev.parley.shared.wire.ChatMessage;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Sampling;
import dev.parley.standalone.StartException;
import dev.parley.worker.engine.Engine;
import dev.parley.worker.engine.EngineOutput;
import dev.parley.worker.engine.EngineRequest;
import dev.parley.worker.engine.EngineSettings;
import dev.parley.worker.engine.LlamaEngine;
import dev.parley.worker.llama.ContextOptions;
import dev.parley.worker.llama.KvType;
import dev.parley.worker.llama.Llama;
import dev.parley.worker.llama.LlamaContext;
import dev.parley.worker.llama.LlamaModel;
import dev.parley.worker.llama.LlamaVocab;
import dev.parley.worker.llama.TokenBatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SyntheticModelTest {
  private static final Assets ASSETS = Assets.of(Config.load());
  private static final Path SMOLLM = ASSETS.model("smollm2-135m");

  @TempDir private Path directory;

  private Path tiny(long seed) throws IOException {
    Path file = directory.resolve("tiny-" + seed + ".gguf");
    SyntheticModel.of(ModelShape.TINY, SMOLLM, seed).write(file);
    return file;
  }

  @Test
  void llama_8b_has_as_many_parameters_as_the_real_one_in_eight_and_a_half_gigabytes()
      throws IOException {
    GgufWriter model = SyntheticModel.of(ModelShape.LLAMA_8B, SMOLLM, 1);
    // 8 bits each and 16 for 32 of them; the norms, two a layer and one, have 32 bits.
    long norms = 65L * 4_096;
    long data = (8_030_261_248L - norms) / 32 * 34 + norms * 4;

    assertThat(model.parameters()).isEqualTo(8_030_261_248L);
    assertThat(model.bytes()).isBetween(data, data + (8 << 20));
  }

  @Test
  void the_file_has_the_shape_and_the_other_models_tokenizer() throws IOException {
    GgufReader model = GgufReader.read(tiny(1));
    GgufReader other = GgufReader.read(SMOLLM);

    assertThat(model.text("general.architecture")).isEqualTo("llama");
    assertThat(model.number("llama.attention.head_count_kv")).isEqualTo(1);
    assertThat(model.number("llama.rope.dimension_count")).isEqualTo(32);
    assertThat(model.texts("tokenizer.ggml.merges"))
        .isEqualTo(other.texts("tokenizer.ggml.merges"));
    assertThat(model.text("tokenizer.chat_template"))
        .isEqualTo(other.text("tokenizer.chat_template"));
    assertThat(model.texts("tokenizer.ggml.tokens"))
        .hasSize(49_664)
        .startsWith(other.texts("tokenizer.ggml.tokens").toArray(String[]::new))
        .endsWith("<|unused_49663|>");
  }

  @Test
  void it_is_the_same_for_a_seed_and_another_for_another() throws IOException {
    Path first = tiny(1);
    byte[] bytes = Files.readAllBytes(first);

    assertThat(Files.readAllBytes(tiny(1))).isEqualTo(bytes);
    assertThat(Files.mismatch(first, tiny(2))).isPositive();
  }

  @Test
  void its_logits_are_finite_and_the_best_token_is_a_word() throws IOException {
    try (LlamaModel model = Llama.open(ASSETS.libraries()).loadModel(tiny(1), 0);
        LlamaContext context = model.newContext(new ContextOptions(1, 256, 64, 1, KvType.F16))) {
      LlamaVocab vocab = model.vocab();
      int[] prompt = vocab.tokenize("Tell me of the old lighthouse.", false);
      TokenBatch batch = new TokenBatch(1);
      float[] logits = new float[vocab.size()];
      for (int i = 0; i < prompt.length; i++) {
        batch.clear();
        batch.add(0, i, prompt[i], true);
        context.decode(batch);
        context.logits(0, logits);
        boolean finite = true;
        int best = 0;
        for (int token = 0; token < logits.length; token++) {
          finite &= Float.isFinite(logits[token]);
          best = logits[token] > logits[best] ? token : best;
        }
        assertThat(finite).isTrue();
        assertThat(new String(vocab.bytes(best), StandardCharsets.UTF_8)).matches(" [a-z]+");
      }
    }
  }

  @Test
  void a_greedy_answer_is_words_and_ends_at_its_limit() throws Exception {
    StringBuilder text = new StringBuilder();
    CompletableFuture<EngineOutput.Ended> end = new CompletableFuture<>();
    LlamaEngine.Options options =
        new LlamaEngine.Options(ASSETS.libraries(), tiny(1), 2, 512, KvType.F16, 1);
    try (Engine engine =
        LlamaEngine.start(
            options, EngineSettings.DEFAULT, outputs -> outputs.forEach(o -> take(o, text, end)))) {
      engine.submit(
          EngineRequest.of("a", List.of(ChatMessage.user("Hello.")), Sampling.greedy(200)));
      EngineOutput.Ended ended = end.get(2, TimeUnit.MINUTES);

      assertThat(ended.reason()).isEqualTo(EndReason.LENGTH);
      assertThat(ended.usage().completionTokens()).isEqualTo(200);
      assertThat(text.toString().strip().split(" ")).hasSize(200);
    }
  }

  private static void take(
      EngineOutput output, StringBuilder text, CompletableFuture<EngineOutput.Ended> end) {
    switch (output) {
      case EngineOutput.Tokens tokens -> text.append(tokens.text());
      case EngineOutput.Ended ended -> end.complete(ended);
      case EngineOutput.Restarted restarted -> throw new AssertionError(restarted.toString());
    }
  }

  @Test
  void a_shape_that_nobody_knows_is_answered_with_the_known_ones() {
    assertThatThrownBy(() -> ModelShape.named("gpt-5"))
        .isInstanceOf(StartException.class)
        .hasMessage("There is no shape gpt-5; known: tiny, llama-8b");
  }
}
