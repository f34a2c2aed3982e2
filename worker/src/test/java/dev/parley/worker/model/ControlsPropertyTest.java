package dev.parley.worker.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parley.shared.wire.Cuts;
import dev.parley.shared.wire.Dry;
import dev.parley.shared.wire.Logprobs;
import dev.parley.shared.wire.Mirostat;
import dev.parley.shared.wire.Penalties;
import dev.parley.shared.wire.Sampling;
import dev.parley.shared.wire.SamplingBuilder;
import dev.parley.shared.wire.TokenRules;
import dev.parley.shared.wire.Xtc;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Any mixture of controls chooses what the definition chooses, on rows and texts drawn from a seed.
class ControlsPropertyTest {
  private final TokenSampler sampler = SamplerRig.sampler();

  @Test
  void any_mixture_of_controls_chooses_what_the_definition_chooses() {
    for (int seed = 0; seed < 3_000; seed++) {
      Random random = new Random(seed);
      int vocabulary = 2 + random.nextInt(random.nextBoolean() ? 8 : 400);
      float[] logits = SamplerRig.logits(random, vocabulary);
      int[] tokens = text(random, vocabulary);
      Sampling sampling = sampling(random, vocabulary, seed);
      SamplerState state = SamplerRig.saying(sampling, tokens);
      int expected =
          new SamplerReference(sampling, IntStream.of(tokens).boxed().toList(), tokens.length)
              .choose(logits);
      assertThat(sampler.choose(logits, state).token())
          .as("seed %d: %s after %s", seed, sampling, IntStream.of(tokens).boxed().toList())
          .isEqualTo(expected);
    }
  }

  /// Few different tokens, so that much repeats.
  private static int[] text(Random random, int vocabulary) {
    int different = 1 + random.nextInt(Math.min(5, vocabulary));
    return IntStream.generate(() -> random.nextInt(different)).limit(random.nextInt(60)).toArray();
  }

  private static Sampling sampling(Random random, int vocabulary, long seed) {
    double temperature = random.nextInt(4) == 0 ? 0 : 0.1 + 1.9 * random.nextDouble();
    double topP = sometimes(random) ? 0.05 + 0.95 * random.nextDouble() : 1;
    int topK = sometimes(random) ? 1 + random.nextInt(50) : 0;
    double minP = sometimes(random) ? 0.3 * random.nextDouble() : 0;
    SamplingBuilder builder =
        new Sampling(100, temperature, topP, topK, minP, seed, List.of()).change();
    builder.cuts(
        new Cuts(
            sometimes(random) ? 0.1 + 0.9 * random.nextDouble() : 1,
            sometimes(random) ? 3 * random.nextDouble() : 0,
            sometimes(random)
                ? new Xtc(random.nextDouble(), 0.3 * random.nextDouble())
                : Xtc.NONE));
    if (sometimes(random)) {
      builder.rules(
          new TokenRules(biases(random, vocabulary), random.nextInt(100), random.nextInt(4)));
    }
    if (sometimes(random)) {
      builder.penalties(
          new Penalties(
              0.5 + random.nextDouble(),
              2 * random.nextDouble() - 1,
              2 * random.nextDouble() - 1,
              random.nextInt(40) - 1));
    }
    if (sometimes(random)) {
      builder.dry(
          new Dry(
              2 * random.nextDouble(),
              1 + random.nextDouble(),
              1 + random.nextInt(3),
              random.nextInt(40) - 1,
              random.nextBoolean() ? List.of(":") : List.of(":", "no such text")));
    }
    return builder.build();
  }

  private static Map<Integer, Double> biases(Random random, int vocabulary) {
    Map<Integer, Double> biases = new HashMap<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      // Some are beyond the vocabulary.
      biases.put(random.nextInt(vocabulary + 2), 10 * random.nextDouble() - 5);
    }
    return biases;
  }

  private static boolean sometimes(Random random) {
    return random.nextInt(3) == 0;
  }

  @Test
  void a_resumed_answer_goes_on_as_the_uninterrupted_one() {
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      Sampling sampling = sampling(random, 50, seed);
      TokenList whole = new TokenList(new int[] {2, 3});
      SamplerState state = new SamplerState(sampling, whole, 2);
      for (int i = 0; i < 20; i++) {
        whole.add(sampler.choose(row(seed, i), state).token());
      }
      int cut = random.nextInt(20);
      TokenList again = new TokenList(whole.first(2 + cut));
      SamplerState resumed = new SamplerState(sampling, again, 2);
      TokenSampler other = SamplerRig.sampler();
      for (int i = cut; i < 20; i++) {
        again.add(other.choose(row(seed, i), resumed).token());
      }
      assertThat(again.first(22)).isEqualTo(whole.first(22));
    }
  }

  private static float[] row(long seed, int index) {
    return SamplerRig.logits(new Random(31 * seed + index), 50);
  }

  @Test
  void logprobs_are_the_models_own_whatever_the_controls_do() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      int vocabulary = 2 + random.nextInt(100);
      float[] logits = SamplerRig.logits(random, vocabulary);
      int top = random.nextInt(Logprobs.MAX_TOP + 1);
      Sampling sampling =
          sampling(random, vocabulary, seed).change().logprobs(new Logprobs(true, top)).build();
      List<Integer> ids =
          IntStream.range(0, vocabulary)
              .boxed()
              .sorted((a, b) -> Float.compare(logits[b], logits[a]))
              .toList();
      List<Double> p = SamplerReference.probabilities(ids, logits, 1);
      Choice choice =
          sampler.choose(logits.clone(), SamplerRig.saying(sampling, text(random, vocabulary)));
      TokenScore score = choice.score().orElseThrow();
      assertThat(score.token()).isEqualTo(choice.token());
      assertThat(Math.exp(score.logprob()))
          .isCloseTo(p.get(ids.indexOf(choice.token())), within(1e-6));
      assertThat(score.best().stream().map(TokenScore::token))
          .isEqualTo(ids.subList(0, Math.min(top, vocabulary)));
    }
  }

  @Test
  void mirostat_draws_and_remembers_as_its_papers_say() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      int vocabulary = 2 + random.nextInt(400);
      Mirostat mirostat =
          new Mirostat(1 + seed % 2, 6 * random.nextDouble(), 0.05 + 0.9 * random.nextDouble());
      Sampling sampling =
          new Sampling(100, 0.5 + random.nextDouble(), 1, 0, 0, seed, List.of())
              .change()
              .mirostat(mirostat)
              .build();
      TokenList tokens = new TokenList(new int[0]);
      SamplerState state = new SamplerState(sampling, tokens, 0);
      MirostatReference reference = new MirostatReference(sampling);
      for (int i = 0; i < 10; i++) {
        float[] logits = SamplerRig.logits(random, vocabulary);
        int expected = reference.choose(logits, i);
        assertThat(sampler.choose(logits, state).token())
            .as("seed %d, token %d", seed, i)
            .isEqualTo(expected);
        tokens.add(expected);
      }
    }
  }
}
