package dev.parley.worker.llama;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the number of rows in a call changes: the kernels add up in another order, so logits differ by rounding, and
/// a greedy answer may take another token only where two were all but equal.
///
/// Both bounds are of logits (the best is about 25 here). Measured on the CPU build `sapphirerapids`: rows beside it change
/// no bit of a row; a prompt computed in one call instead of row by row, as when an answer is resumed, changes the
/// logits by 0.93 at most and takes no other token. The bounds leave other builds twice as much.
class RoundingTest {
  /// The most that a logit may differ.
  private static final double TOLERANCE = 2;

  /// The most by which a token may have been the best where another one becomes it.
  private static final double NEAR_TIE = 0.5;

  /// How often in an answer of [#TOKENS] that may happen.
  private static final int MOST_FLIPS = 3;

  /// Rows from which on a call computes attention in another way (`GGML_FA_TILE_Q` of ggml's CPU kernels).
  private static final int TILE_ROWS = 64;

  private static final String QUESTION =
      """
      <|im_start|>system
      You are a helpful assistant who answers questions of children about nature, in simple words and with an example.
      <|im_end|>
      <|im_start|>user
      Why is the sea blue on a sunny day, grey when it rains, and black at night, although the water in my glass has \
      no colour at all?<|im_end|>
      <|im_start|>assistant
      """;

  private static final int TOKENS = 16;
  private static final int MOST_SLOTS = 8;

  private final LlamaModel model = Llama.open(TestModel.libraries()).loadModel(TestModel.file(), 0);
  private LlamaContext context;
  private Decoding decoding;
  private int[] prompt;
  private final List<float[]> alone = new ArrayList<>();

  @BeforeEach
  void answer_alone() {
    context =
        model.newContext(new ContextOptions(MOST_SLOTS, 256, 128, TestModel.THREADS, KvType.F16));
    decoding = new Decoding(context, model);
    prompt = model.vocab().tokenize(QUESTION, true);
    assertThat(prompt).hasSizeGreaterThan(TILE_ROWS);
    alone.add(decoding.feed(0, prompt));
    while (alone.size() < TOKENS) {
      alone.add(decoding.feed(0, Decoding.best(alone.getLast())));
    }
  }

  @AfterEach
  void unload() {
    context.close();
    model.close();
  }

  /// Compares rows after the same tokens.
  private void assertOnlyRounded(List<float[]> rows) {
    int flips = 0;
    for (int i = 0; i < rows.size(); i++) {
      assertThat(Decoding.distance(rows.get(i), alone.get(i)))
          .as("token %d", i)
          .isLessThan(TOLERANCE);
      if (Decoding.best(rows.get(i)) != Decoding.best(alone.get(i))) {
        assertThat(Decoding.margin(alone.get(i))).as("token %d", i).isLessThan(NEAR_TIE);
        flips++;
      }
    }
    assertThat(flips).isLessThanOrEqualTo(MOST_FLIPS);
  }

  @Test
  void the_rows_beside_it_change_an_answer_by_rounding_only() {
    for (int slots : new int[] {1, 2, 4, MOST_SLOTS}) {
      for (int slot = 0; slot < slots; slot++) {
        context.removeFrom(slot, 0);
        decoding.feed(slot, prompt);
      }
      List<float[]> rows = new ArrayList<>(List.of(alone.getFirst()));
      while (rows.size() < TOKENS) {
        rows.add(decoding.feedAll(slots, Decoding.best(alone.get(rows.size() - 1))));
      }
      assertOnlyRounded(rows);
    }
  }

  @Test
  void an_answer_resumed_from_its_tokens_differs_by_rounding_only() {
    List<float[]> rows = new ArrayList<>();
    int[] whole = Arrays.copyOf(prompt, prompt.length + TOKENS - 1);
    for (int i = 0; i < TOKENS - 1; i++) {
      whole[prompt.length + i] = Decoding.best(alone.get(i));
    }
    for (int cut = 0; cut < TOKENS; cut++) {
      context.removeFrom(1, 0);
      rows.add(decoding.feed(1, Arrays.copyOf(whole, prompt.length + cut)));
    }
    assertOnlyRounded(rows);
  }
}
