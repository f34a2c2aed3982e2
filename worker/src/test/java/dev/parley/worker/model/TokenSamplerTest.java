package dev.parley.worker.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parley.shared.wire.Sampling;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TokenSamplerTest {
  private final TokenSampler sampler = SamplerRig.sampler();

  private static int choose(TokenSampler sampler, float[] logits, Sampling sampling, int index) {
    return sampler.choose(logits, SamplerRig.answered(sampling, index)).token();
  }

  private int choose(float[] logits, Sampling sampling, int index) {
    return choose(sampler, logits, sampling, index);
  }

  private static Sampling sampling(
      double temperature, double topP, int topK, double minP, long seed) {
    return new Sampling(100, temperature, topP, topK, minP, seed, List.of());
  }

  private static float[] logits(double... probabilities) {
    float[] logits = new float[probabilities.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) Math.log(probabilities[i]);
    }
    return logits;
  }

  /// Share of each token in many draws.
  private Map<Integer, Double> shares(float[] logits, Sampling sampling) {
    int draws = 20_000;
    TreeMap<Integer, Double> shares = new TreeMap<>();
    for (int index = 0; index < draws; index++) {
      shares.merge(choose(logits, sampling, index), 1.0 / draws, Double::sum);
    }
    return shares;
  }

  @Test
  void temperature_zero_takes_the_most_probable_and_the_lower_of_equals() {
    assertThat(choose(new float[] {1, 3, 2, 3}, Sampling.greedy(1), 0)).isEqualTo(1);
  }

  @Test
  void the_lowest_of_equals_is_taken_wherever_they_are() {
    float[] logits = new float[3_000];
    logits[2_999] = logits[1_025] = logits[2_048] = 5;
    assertThat(choose(logits, Sampling.greedy(1), 0)).isEqualTo(1_025);
  }

  @Test
  void draws_follow_the_distribution() {
    var shares = shares(logits(0.5, 0.3, 0.2), sampling(1, 1, 0, 0, 1));
    assertThat(shares.get(0)).isCloseTo(0.5, within(0.02));
    assertThat(shares.get(1)).isCloseTo(0.3, within(0.02));
    assertThat(shares.get(2)).isCloseTo(0.2, within(0.02));
  }

  @Test
  void temperature_sharpens_what_the_cuts_leave() {
    var shares = shares(logits(0.5, 0.25, 0.25), sampling(0.5, 1, 2, 0, 1));
    assertThat(shares).containsOnlyKeys(0, 1);
    assertThat(shares.get(0)).isCloseTo(0.8, within(0.02));
  }

  @Test
  void top_p_keeps_the_smallest_set_that_reaches_it() {
    float[] logits = logits(0.1, 0.4, 0.3, 0.2);
    assertThat(shares(logits, sampling(1, 0.65, 0, 0, 1))).containsOnlyKeys(1, 2);
    assertThat(shares(logits, sampling(1, 0.75, 0, 0, 1))).containsOnlyKeys(1, 2, 3);
  }

  @Test
  void min_p_drops_what_is_far_below_the_best() {
    float[] logits = logits(0.1, 0.4, 0.3, 0.2);
    assertThat(shares(logits, sampling(1, 1, 0, 0.45, 1))).containsOnlyKeys(1, 2, 3);
    assertThat(shares(logits, sampling(1, 0.99, 0, 0.6, 1))).containsOnlyKeys(1, 2);
  }

  @Test
  void the_same_seed_and_index_draw_the_same_whatever_was_drawn_before() {
    float[] logits = logits(0.25, 0.25, 0.25, 0.25);
    Sampling sampling = sampling(1, 1, 0, 0, 42);
    int tenth = choose(logits, sampling, 10);
    choose(logits, sampling, 11);
    assertThat(choose(SamplerRig.sampler(), logits, sampling, 10)).isEqualTo(tenth);
    assertThat(shares(logits, sampling)).hasSize(4);
  }

  @Test
  void no_shortcut_changes_anything_over_sorting_everything() {
    Random random = new Random(1);
    for (int round = 0; round < 200; round++) {
      float[] logits = new float[1 + random.nextInt(5_000)];
      for (int i = 0; i < logits.length; i++) {
        logits[i] = (float) (random.nextGaussian() * (1 + random.nextInt(12)));
      }
      double topP = 0.05 + 0.9 * random.nextDouble();
      int topK = random.nextInt(3) * (1 + random.nextInt(40));
      Sampling sampling = sampling(1.3, topP, topK, 0.01, round);
      assertThat(choose(logits, sampling, round)).isEqualTo(reference(logits, sampling, round));
    }
  }

  /// The same by the definition: everything sorted, cut by cut.
  private static int reference(float[] logits, Sampling sampling, int index) {
    List<Integer> ids =
        java.util.stream.IntStream.range(0, logits.length)
            .boxed()
            .sorted((a, b) -> Float.compare(logits[b], logits[a]))
            .toList();
    if (sampling.topK() > 0) {
      ids = ids.subList(0, Math.min(sampling.topK(), ids.size()));
    }
    double max = logits[ids.getFirst()];
    double total = ids.stream().mapToDouble(id -> Math.exp(logits[id] - max)).sum();
    double reached = 0;
    int kept = 0;
    while (kept < ids.size() && reached < sampling.topP() * total) {
      reached += Math.exp(logits[ids.get(kept++)] - max);
    }
    List<Integer> left =
        ids.subList(0, kept).stream()
            .filter(id -> Math.exp(logits[id] - max) >= sampling.minP())
            .toList();
    double t = sampling.temperature();
    double sum = left.stream().mapToDouble(id -> Math.exp((logits[id] - max) / t)).sum();
    double target = TokenSampler.uniform(sampling.seed(), index) * sum;
    double walked = 0;
    for (int id : left) {
      walked += Math.exp((logits[id] - max) / t);
      if (walked > target) {
        return id;
      }
    }
    return left.getLast();
  }
}
