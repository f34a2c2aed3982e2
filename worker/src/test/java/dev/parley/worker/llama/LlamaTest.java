package dev.parley.worker.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.parley.worker.llama.LlamaException.Problem;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LlamaTest {
  private static final ContextOptions SMALL =
      new ContextOptions(4, 256, 128, TestModel.THREADS, KvType.F16);

  private static final int[] PROMPT = {100, 101, 102, 103, 104, 105, 106, 107, 200};

  private final Llama llama = Llama.open(TestModel.libraries());
  private LlamaModel model;

  @BeforeEach
  void load() {
    model = llama.loadModel(TestModel.file(), 0);
  }

  @AfterEach
  void unload() {
    model.close();
  }

  private static void assertRefused(Runnable call, Problem problem, String says) {
    assertThatThrownBy(call::run)
        .asInstanceOf(type(LlamaException.class))
        .satisfies(refused -> {
          assertThat(refused.problem()).isEqualTo(problem);
          assertThat(refused.getMessage()).contains(says).doesNotContain("\n");
        });
  }

  @Test
  void a_missing_model_file_is_named(@TempDir Path directory) {
    Path missing = directory.resolve("none.gguf");
    assertRefused(() -> llama.loadModel(missing, 0), Problem.MODEL_MISSING, missing.toString());
  }

  @Test
  void a_file_that_is_no_model_is_named(@TempDir Path directory) throws IOException {
    Path text = Files.writeString(directory.resolve("text.gguf"), "not a model");
    assertRefused(() -> llama.loadModel(text, 0), Problem.MODEL_DAMAGED, "not a GGUF file");
  }

  @Test
  void a_model_file_that_was_cut_short_is_refused(@TempDir Path directory) throws IOException {
    Path cut = Files.copy(TestModel.file(), directory.resolve("cut.gguf"));
    try (FileChannel file = FileChannel.open(cut, StandardOpenOption.WRITE)) {
      file.truncate(file.size() / 2);
    }
    assertRefused(() -> llama.loadModel(cut, 0), Problem.MODEL_DAMAGED, "file bounds");
  }

  @Test
  void another_directory_is_refused_in_the_same_process(@TempDir Path directory) {
    assertRefused(() -> Llama.open(directory), Problem.LIBRARY_WRONG, directory.toString());
  }

  @Test
  void the_vocabulary_spells_what_it_reads() {
    LlamaVocab vocab = model.vocab();
    StringBuilder bytes = new StringBuilder();
    for (int id : vocab.tokenize("Hello, world", false)) {
      bytes.append(new String(vocab.bytes(id), java.nio.charset.StandardCharsets.UTF_8));
    }
    assertThat(bytes).hasToString("Hello, world");
    assertThat(vocab.tokenize("", true)).isEmpty();
    assertThat(vocab.tokenize("<|im_start|>", true)).hasSize(1);
    assertThat(vocab.tokenize("<|im_start|>", false)).hasSizeGreaterThan(1);
    assertThatThrownBy(() -> vocab.bytes(vocab.size()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void batches_that_would_end_the_process_are_refused() {
    try (LlamaContext context = model.newContext(SMALL)) {
      TokenBatch batch = new TokenBatch(200);
      assertThatThrownBy(() -> context.decode(batch)).hasMessageContaining("empty");
      batch.add(4, 0, 1, true);
      assertThatThrownBy(() -> context.decode(batch)).hasMessageContaining("slot 4");
      batch.clear();
      batch.add(0, 256, 1, true);
      assertThatThrownBy(() -> context.decode(batch)).hasMessageContaining("position 256");
      batch.clear();
      batch.add(0, 0, -1, true);
      assertThatThrownBy(() -> context.decode(batch)).hasMessageContaining("token -1");
      batch.clear();
      for (int position = 0; position < 129; position++) {
        batch.add(0, position, 1, false);
      }
      assertThatThrownBy(() -> context.decode(batch)).hasMessageContaining("129 rows");
    }
  }

  @Test
  void a_moved_sequence_goes_on_as_if_it_had_stayed() {
    try (LlamaContext context = model.newContext(SMALL)) {
      float[] stayed = nextLogits(context, 0, 0);
      context.removeFrom(0, 0);
      float[] moved = nextLogits(context, 0, 2);
      assertThat(moved).isEqualTo(stayed);
      assertThat(context.lastPosition(0)).isEqualTo(-1);
      assertThat(context.lastPosition(2)).isEqualTo(8);
    }
  }

  /// Logits after eight tokens in one slot and a ninth in another.
  private float[] nextLogits(LlamaContext context, int first, int then) {
    TokenBatch batch = new TokenBatch(64);
    for (int position = 0; position < 8; position++) {
      batch.add(first, position, 100 + position, position == 7);
    }
    assertThat(context.decode(batch)).isEqualTo(DecodeResult.OK);
    if (then != first) {
      context.move(first, then);
    }
    batch.clear();
    batch.add(then, 8, 200, true);
    assertThat(context.decode(batch)).isEqualTo(DecodeResult.OK);
    float[] logits = new float[model.vocab().size()];
    context.logits(0, logits);
    return logits;
  }

  @Test
  void a_saved_sequence_can_be_put_back() {
    try (LlamaContext context = model.newContext(SMALL)) {
      float[] before = nextLogits(context, 0, 0);
      context.removeFrom(0, 8);
      try (SavedSequence saved = context.save(0)) {
        assertThat(saved.bytes()).isGreaterThan(8L * 23040);
        context.restore(saved, 3);
      }
      TokenBatch batch = new TokenBatch(1);
      batch.add(3, 8, 200, true);
      context.decode(batch);
      float[] after = new float[model.vocab().size()];
      context.logits(0, after);
      assertThat(after).isEqualTo(before);
    }
  }

  @Test
  void an_answer_swapped_out_and_back_at_every_token_is_the_same() {
    isTheSame((context, slot, next) -> {
      try (SavedSequence saved = context.save(slot)) {
        context.removeFrom(slot, 0);
        new Decoding(context, model).feed(slot, PROMPT);
        context.restore(saved, next);
        context.removeFrom(slot, 0);
      }
    });
  }

  @Test
  void an_answer_moved_to_another_slot_at_every_token_is_the_same() {
    isTheSame(LlamaContext::move);
  }

  /// Takes a cache from one slot to another.
  private interface Relocation {
    void move(LlamaContext context, int slot, int next);
  }

  private void isTheSame(Relocation relocation) {
    int tokens = 40;
    try (LlamaContext context = model.newContext(SMALL)) {
      Decoding decoding = new Decoding(context, model);
      List<float[]> stayed = new ArrayList<>(List.of(decoding.feed(0, PROMPT)));
      for (int i = 0; i < tokens; i++) {
        stayed.add(decoding.feed(0, Decoding.best(stayed.getLast())));
      }
      context.removeFrom(0, 0);
      float[] moved = decoding.feed(1, PROMPT);
      for (int i = 0; i < tokens; i++) {
        int slot = 1 + i % 3;
        int next = 1 + (i + 1) % 3;
        moved = decoding.feed(slot, Decoding.best(moved));
        assertThat(moved).isEqualTo(stayed.get(i + 1));
        relocation.move(context, slot, next);
      }
    }
  }

  @Test
  void an_aborted_prefill_says_so_and_can_be_taken_back() {
    try (LlamaContext context = model.newContext(SMALL)) {
      TokenBatch batch = new TokenBatch(64);
      for (int position = 0; position < 64; position++) {
        batch.add(0, position, 100, position == 63);
      }
      context.abortPrefill();
      assertThat(context.decodeAbortable(batch)).isEqualTo(DecodeResult.ABORTED);
      assertThat(context.removeFrom(0, 0)).isTrue();
      assertThat(context.decodeAbortable(batch)).isEqualTo(DecodeResult.OK);
    }
  }

  @Test
  void quantized_caches_work() {
    for (KvType type : KvType.values()) {
      try (LlamaContext context =
          model.newContext(new ContextOptions(2, 256, 64, TestModel.THREADS, type))) {
        assertThat(nextLogits(context, 0, 1)).isNotNull();
      }
      assertThat(KvType.ofSetting(type.settingName())).isEqualTo(type);
    }
  }
}
