package dev.parley.shared.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class SamplingTest {
  private static final Sampling EVERYTHING =
      new Sampling(100, 0.7, 0.9, 40, 0.05, 7, List.of("END"))
          .change()
          .cuts(new Cuts(0.9, 1.5, new Xtc(0.5, 0.2)))
          .rules(new TokenRules(Map.of(9, -100.0, 3, 2.5), 4, 3))
          .penalties(new Penalties(1.1, 0.5, -0.5, -1))
          .dry(new Dry(0.8, 2, 3, 256, List.of("\n")))
          .mirostat(new Mirostat(2, 4, 0.2))
          .logprobs(new Logprobs(true, 5))
          .format(ResponseFormat.jsonSchema("{}"))
          .build();

  /// The fields that builds before the other controls know.
  record Older(
      int maxTokens,
      double temperature,
      double topP,
      int topK,
      double minP,
      long seed,
      List<String> stop) {}

  @Test
  void crosses_the_wire_unchanged() {
    assertThat(Wire.decode(Wire.encode(EVERYTHING), Sampling.class)).isEqualTo(EVERYTHING);
  }

  @Test
  void what_an_older_build_wrote_has_none_of_the_newer_controls() {
    String older = Wire.encode(new Older(5, 0.5, 0.9, 40, 0.1, 7, List.of("END")));
    assertThat(Wire.decode(older, Sampling.class))
        .isEqualTo(new Sampling(5, 0.5, 0.9, 40, 0.1, 7, List.of("END")));
  }

  @Test
  void an_older_build_reads_what_it_knows() {
    Older older = Wire.decode(Wire.encode(EVERYTHING), Older.class);
    assertThat(older).isEqualTo(new Older(100, 0.7, 0.9, 40, 0.05, 7, List.of("END")));
  }

  @Test
  void a_newer_build_may_add_fields() {
    String newer = Wire.encode(EVERYTHING).replace("\"xtc\":{", "\"xtc\":{\"mood\":1,");
    assertThat(Wire.decode(newer, Sampling.class)).isEqualTo(EVERYTHING);
  }

  @Test
  void equal_rules_are_equal_json() {
    Map<Integer, Double> forwards = new HashMap<>();
    Map<Integer, Double> backwards = new java.util.LinkedHashMap<>();
    for (int i = 0; i < 300; i++) {
      forwards.put(7919 * i, 1.0);
      backwards.put(7919 * (299 - i), 1.0);
    }
    assertThat(Wire.encode(new TokenRules(forwards, 0, 0)))
        .isEqualTo(Wire.encode(new TokenRules(backwards, 0, 0)));
  }

  @Test
  void none_of_the_neutral_controls_is_active() {
    Sampling none = Sampling.greedy(1);
    assertThat(none.cuts().active()).isFalse();
    assertThat(none.rules().active()).isFalse();
    assertThat(none.penalties().active()).isFalse();
    assertThat(none.dry().active()).isFalse();
    assertThat(none.mirostat().active()).isFalse();
    assertThat(new Penalties(2, 2, 2, 0).active()).isFalse();
    assertThat(new Xtc(1, 0.6).active()).isFalse();
  }

  private static void refused(String message, ThrowingCallable made) {
    assertThatThrownBy(made)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void each_record_refuses_what_is_out_of_range_by_name() {
    refused("typicalP", () -> new Cuts(0, 0, Xtc.NONE));
    refused("topNSigma", () -> new Cuts(1, Double.NaN, Xtc.NONE));
    refused("xtc probability", () -> new Xtc(1.1, 0.1));
    refused("xtc threshold", () -> new Xtc(1, -0.1));
    refused("repetition", () -> new Penalties(0, 0, 0, 64));
    refused("frequency", () -> new Penalties(1, 2.1, 0, 64));
    refused("presence", () -> new Penalties(1, 0, Double.NaN, 64));
    refused("lastN", () -> new Penalties(1, 0, 0, -2));
    refused("multiplier", () -> new Dry(-1, 1.75, 2, 64, List.of()));
    refused("base", () -> new Dry(1, 0.9, 2, 64, List.of()));
    refused("allowed length", () -> new Dry(1, 1.75, 0, 64, List.of()));
    refused("lastN", () -> new Dry(1, 1.75, 2, -2, List.of()));
    refused("1 to 40 characters", () -> new Dry(1, 1.75, 2, 64, List.of("")));
    refused("sequence breakers", () -> new Dry(1, 1.75, 2, 64, List.of("a".repeat(17).split(""))));
    refused("mirostat must be 0, 1 or 2", () -> new Mirostat(3, 5, 0.1));
    refused("tau", () -> new Mirostat(1, -1, 0.1));
    refused("eta", () -> new Mirostat(1, 5, 0));
    refused("logit bias", () -> new TokenRules(Map.of(1, 101.0), 0, 0));
    refused("token id", () -> new TokenRules(Map.of(-1, 1.0), 0, 0));
    refused("minTokens", () -> new TokenRules(Map.of(), -1, 0));
    refused("noRepeatNgramSize", () -> new TokenRules(Map.of(), 0, 101));
    refused("top logprobs", () -> new Logprobs(true, 21));
    refused("need logprobs", () -> new Logprobs(false, 1));
    refused("has a text", () -> ResponseFormat.grammar(""));
    refused("has a text", () -> new ResponseFormat(ResponseFormat.Kind.TEXT, "x"));
    refused("32768 bytes", () -> ResponseFormat.grammar("é".repeat(16_385)));
    refused(
        "minTokens",
        () -> Sampling.greedy(3).change().rules(new TokenRules(Map.of(), 4, 0)).build());
  }

  @Test
  void a_preset_leaves_length_seed_stop_strings_and_format_alone() {
    Sampling creative = Presets.DEFAULT.named("creative", EVERYTHING).orElseThrow();
    assertThat(creative.maxTokens()).isEqualTo(100);
    assertThat(creative.seed()).isEqualTo(7);
    assertThat(creative.stop()).containsExactly("END");
    assertThat(creative.format()).isEqualTo(EVERYTHING.format());
    assertThat(creative.temperature()).isGreaterThan(1);
    assertThat(creative.dry().active()).isTrue();
    assertThat(creative.mirostat().active()).isFalse();
    assertThat(Presets.NAMES).allMatch(name -> Presets.DEFAULT.named(name, EVERYTHING).isPresent());
    assertThat(Presets.DEFAULT.named("wild", EVERYTHING)).isEmpty();
  }
}
