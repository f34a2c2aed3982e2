package dev.parley.worker.llama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.shared.testing.GgufReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A model whose layers forget what is far back: what a copy of its cache still holds, and what it has lost.
///
/// With `-Dparley.sliding=FILE` on that model, as [dev.parley.worker.engine.SlidingWindowEngineTest].
class SlidingWindowTest {
  /// Tokens beyond the window.
  private static final int BEYOND = 128;

  private static final int ANSWER = 64;

  /// Of logits with a standard deviation of three: cells that lie elsewhere are added up in another order.
  private static final double ROUNDING = 0.02;

  private LlamaModel model;
  private LlamaContext context;
  private Decoding decoding;
  private int window;
  private int prompt;

  @BeforeEach
  void load(@TempDir Path directory) throws IOException {
    Path file = SlidingWindowModel.orNamed(directory);
    window = GgufReader.read(file).number("gemma3.attention.sliding_window");
    prompt = window + BEYOND;
    model = Llama.open(TestModel.libraries()).loadModel(file, 0);
    context =
        model.newContext(new ContextOptions(4, 2 * prompt, prompt, TestModel.THREADS, KvType.F16));
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
    float[] whole = decoding.feed(0, tokens(prompt));
    int[] changed = tokens(prompt);
    changed[prompt - window / 2]++;
    assertThat(Decoding.distance(decoding.feed(1, changed), whole)).isGreaterThan(10 * ROUNDING);
  }

  @Test
  void a_sequence_put_back_goes_on_as_if_it_had_stayed() {
    float[] after = decoding.feed(0, tokens(prompt));
    try (SavedSequence saved = context.save(0)) {
      context.restore(saved, 3);
    }
    List<float[]> stayed = answer(0, after, ANSWER);
    assertSame(answer(3, after, ANSWER), stayed);
  }

  @Test
  void the_end_of_a_sequence_that_stayed_can_be_taken_back() {
    int kept = prompt - window / 2;
    int last = tokens(kept)[kept - 1];
    decoding.feed(1, tokens(kept - 1));
    List<float[]> fresh = answer(1, decoding.feed(1, last), ANSWER / 2);
    decoding.feed(0, tokens(prompt));
    assertThat(context.removeFrom(0, kept - 1)).isTrue();
    assertSame(answer(0, decoding.feed(0, last), ANSWER / 2), fresh);
  }

  /// A copy leaves out what no layer will look at again: cut back, it lacks what the layers would look at.
  /// Nothing says so but the first position, and the wrong logits.
  @Test
  void a_copy_that_is_cut_inside_the_window_has_lost_what_it_needs() {
    int kept = prompt - window / 2;
    float[] fresh = decoding.feed(1, tokens(kept));
    decoding.feed(0, tokens(prompt));
    try (SavedSequence saved = context.save(0)) {
      context.restore(saved, 3);
    }
    assertThat(context.removeFrom(3, kept - 1)).isTrue();
    assertThat(context.firstPosition(3)).isGreaterThan(kept - window);
    assertThat(Decoding.distance(decoding.feed(3, tokens(kept)[kept - 1]), fresh))
        .isGreaterThan(10 * ROUNDING);
  }
}
