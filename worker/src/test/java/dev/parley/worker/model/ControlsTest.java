package dev.parley.worker.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.shared.wire.Cuts;
import dev.parley.shared.wire.Dry;
import dev.parley.shared.wire.Logprobs;
import dev.parley.shared.wire.Penalties;
import dev.parley.shared.wire.Sampling;
import dev.parley.shared.wire.TokenRules;
import dev.parley.shared.wire.Xtc;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ControlsTest {
  private static final Sampling GREEDY = Sampling.greedy(100);

  private final TokenSampler sampler = SamplerRig.sampler();

  private int greedy(Sampling sampling, float[] logits, int... tokens) {
    return sampler.choose(logits, SamplerRig.saying(sampling, tokens)).token();
  }

  private static Sampling rules(Map<Integer, Double> bias, int minTokens, int ngram) {
    return GREEDY.change().rules(new TokenRules(bias, minTokens, ngram)).build();
  }

  private static float[] row() {
    return new float[] {5, 0, 4, 3, 2};
  }

  @Test
  void an_answer_does_not_end_before_its_minimum() {
    Sampling sampling = rules(Map.of(), 2, 0);
    assertThat(greedy(sampling, row())).isEqualTo(2);
    assertThat(greedy(sampling, row(), 2)).isEqualTo(2);
    assertThat(greedy(sampling, row(), 2, 2)).isEqualTo(SamplerRig.END);
  }

  @Test
  void a_bias_lifts_or_sinks_a_token_and_means_nothing_beyond_the_vocabulary() {
    assertThat(greedy(rules(Map.of(4, 100.0, 99, 100.0), 0, 0), row())).isEqualTo(4);
    assertThat(greedy(rules(Map.of(0, -100.0), 0, 0), row())).isEqualTo(2);
  }

  @Test
  void no_ngram_comes_twice() {
    Sampling sampling = rules(Map.of(0, -100.0), 0, 2);
    assertThat(greedy(sampling, row(), 3, 2, 4, 3)).isEqualTo(3);
    assertThat(greedy(sampling, row(), 3, 2, 3, 3, 4, 3)).isEqualTo(1);
    assertThat(greedy(sampling, row(), 3)).isEqualTo(2);
  }

  @Test
  void bans_that_leave_no_token_are_dropped() {
    Sampling sampling = rules(Map.of(3, 50.0), 10, 1);
    assertThat(greedy(sampling, row(), 1, 2, 3, 4)).isEqualTo(3);
    assertThat(greedy(sampling, row(), 2, 3, 4)).isEqualTo(1);
  }

  @Test
  void penalties_look_at_the_last_tokens_alone() {
    Sampling all = GREEDY.change().penalties(new Penalties(1, 2, 0, -1)).build();
    assertThat(greedy(all, row(), 0, 2, 2)).isEqualTo(0);
    assertThat(greedy(all, row(), 0, 0, 2)).isEqualTo(3);
    Sampling last = GREEDY.change().penalties(new Penalties(1, 2, 0, 1)).build();
    assertThat(greedy(last, row(), 0, 0, 2)).isEqualTo(0);
    Sampling repetition = GREEDY.change().penalties(new Penalties(2, 0, 0, -1)).build();
    assertThat(greedy(repetition, row(), 0)).isEqualTo(2);
    // A negative logit sinks too.
    assertThat(greedy(repetition, new float[] {-3, -4, -5}, 0)).isEqualTo(1);
  }

  private static Sampling dry(List<String> breakers) {
    return GREEDY.change().dry(new Dry(10, 2, 2, -1, breakers)).build();
  }

  @Test
  void dry_sinks_what_would_prolong_a_repetition() {
    // 2 3 was followed by 0 before.
    assertThat(greedy(dry(List.of()), row(), 2, 3, 0, 4, 2, 3)).isEqualTo(2);
    // One token is no repetition yet.
    assertThat(greedy(dry(List.of()), row(), 3, 0, 4, 3)).isEqualTo(0);
  }

  @Test
  void no_repetition_goes_across_a_breaker() {
    int[] text = {2, 3, 0, 4, 2, SamplerRig.BREAKER, 3};
    assertThat(greedy(dry(List.of(":")), row(), text)).isEqualTo(0);
    int[] within = {2, 3, 0, 4, SamplerRig.BREAKER, 2, 3};
    assertThat(greedy(dry(List.of(":")), row(), within)).isEqualTo(2);
  }

  @Test
  void a_breaker_may_be_spelled_by_several_tokens() {
    String[] spelling = {"end", "a", "x<b", "r>y", "c"};
    TokenSampler spelled =
        new TokenSampler(
            new TokenFacts(new int[0], token -> spelling[token].getBytes(StandardCharsets.UTF_8)));
    int[] text = {1, 2, 3, 0, 4, 1, 2, 3};
    for (String breaker : List.of("<br>", "b", "r>y", "x<br>y")) {
      SamplerState state = SamplerRig.saying(dry(List.of(breaker)), text);
      assertThat(spelled.choose(row(), state).token()).as(breaker).isEqualTo(0);
    }
    SamplerState other = SamplerRig.saying(dry(List.of("<br/>", "yx", "ca")), text);
    // The last breaker is the one before the last repetition: it goes from c to a.
    assertThat(spelled.choose(row(), other).token()).isEqualTo(2);
  }

  @Test
  void xtc_takes_the_least_of_the_probable() {
    Sampling sampling =
        new Sampling(100, 1, 1, 3, 0, 1, List.of())
            .change()
            .cuts(new Cuts(1, 0, new Xtc(1, 0.05)))
            .build();
    for (int index = 0; index < 100; index++) {
      SamplerState state = SamplerRig.answered(sampling, index);
      assertThat(sampler.choose(new float[] {10, 9, 8, 7}, state).token()).isEqualTo(2);
    }
  }

  @Test
  void only_who_wants_logprobs_gets_them() {
    assertThat(sampler.choose(row(), SamplerRig.saying(GREEDY)).score()).isEmpty();
    Sampling wanted = GREEDY.change().logprobs(new Logprobs(true, 0)).build();
    TokenScore score = sampler.choose(row(), SamplerRig.saying(wanted)).score().orElseThrow();
    assertThat(score.best()).isEmpty();
    assertThat(score.logprob()).isNegative();
  }
}
