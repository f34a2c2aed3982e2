package dev.parley.worker.llama;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A model whose layers forget what is far back: what a copy of its cache still holds, and what it has lost.
class SlidingWindowTest {
  private static final int WINDOW = SlidingWindowModel.WINDOW;
  private static final int PROMPT = 5 * WINDOW;

  /// Of logits with a standard deviation of three: cells that lie elsewhere are added up in another order.
  private static final double ROUNDING = 0.02;

  private LlamaModel model;
  private LlamaContext context;
  private Decoding decoding;

  @BeforeEach
  void load(@TempDir Path directory) {
    model = Llama.open(TestModel.libraries()).loadModel(SlidingWindowModel.write(directory), 0);
    context = model.newContext(new ContextOptions(4, 512, 256, TestModel.THREADS, KvType.F16));
    decoding = new Decoding(context, model);
  }

  @AfterEach
  void unload() {
    context.close();
    model.close();
  }

  private static int[] tokens(int count) {
    return IntStream.range(0, count).map(i -> 3 + i * 37 % 251).toArray();
  }

  private List<float[]> answer(int slot, float[] first, int count) {
    List<float[]> rows = new ArrayList<>();
    rows.add(first);
    while (rows.size() < count) {
      rows.add(decoding.feed(slot, Decoding.best(rows.getLast())));
    }
    return rows;
  }

  private static void assertSame(List<float[]> actual, List<float[]> expected) {
    assertThat(actual.stream().map(Decoding::best))
        .isEqualTo(expected.stream().map(Decoding::best).toList());
    for (int i = 0; i < expected.size(); i++) {
      assertThat(Decoding.distance(actual.get(i), expected.get(i))).isLessThan(ROUNDING);
    }
  }

  @Test
  void it_says_that_it_cannot_be_trimmed() {
    assertThat(model.trimmable()).isFalse();
  }

  @Test
  void what_it_says_depends_on_what_lies_in_the_window() {
    float[] whole = decoding.feed(0, tokens(PROMPT));
    int[] changed = tokens(PROMPT);
    changed[PROMPT - WINDOW / 2]++;
    assertThat(Decoding.distance(decoding.feed(1, changed), whole)).isGreaterThan(10 * ROUNDING);
  }

  @Test
  void a_sequence_put_back_goes_on_as_if_it_had_stayed() {
    float[] after = decoding.feed(0, tokens(PROMPT));
    try (SavedSequence saved = context.save(0)) {
      context.restore(saved, 3);
    }
    List<float[]> stayed = answer(0, after, 2 * WINDOW);
    assertSame(answer(3, after, 2 * WINDOW), stayed);
  }

  @Test
  void the_end_of_a_sequence_that_stayed_can_be_taken_back() {
    int kept = PROMPT - WINDOW / 2;
    List<float[]> fresh = answer(1, decoding.feed(1, tokens(kept)), WINDOW);
    decoding.feed(0, tokens(PROMPT));
    assertThat(context.removeFrom(0, kept - 1)).isTrue();
    assertSame(answer(0, decoding.feed(0, tokens(kept)[kept - 1]), WINDOW), fresh);
  }

  /// A copy leaves out what no layer will look at again: cut back, it lacks what the layers would look at.
  /// Nothing says so but the first position, and the wrong logits.
  @Test
  void a_copy_that_is_cut_inside_the_window_has_lost_what_it_needs() {
    int kept = PROMPT - WINDOW / 2;
    float[] fresh = decoding.feed(1, tokens(kept));
    decoding.feed(0, tokens(PROMPT));
    try (SavedSequence saved = context.save(0)) {
      context.restore(saved, 3);
    }
    assertThat(context.removeFrom(3, kept - 1)).isTrue();
    assertThat(context.firstPosition(3)).isGreaterThan(kept - WINDOW);
    assertThat(Decoding.distance(decoding.feed(3, tokens(kept)[kept - 1]), fresh))
        .isGreaterThan(10 * ROUNDING);
  }
}
