package dev.parley.shared.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.shared.wire.Cuts;
import dev.parley.shared.wire.Dry;
import dev.parley.shared.wire.Logprobs;
import dev.parley.shared.wire.Mirostat;
import dev.parley.shared.wire.Penalties;
import dev.parley.shared.wire.Sampling;
import dev.parley.shared.wire.TokenRules;
import dev.parley.shared.wire.Xtc;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlsReaderTest {
  private static final Sampling DEFAULTS = new Sampling(50, 0.2, 0.9, 40, 0.05, 9, List.of("X"));

  private final ChatRequestParser parser = new ChatRequestParser(RequestLimits.DEFAULTS);

  private Parsed<ChatRequest> parse(String more) {
    String body =
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]" + more + "}";
    return parser.parse(body.getBytes(StandardCharsets.UTF_8), DEFAULTS);
  }

  private Sampling sampling(String more) {
    return switch (parse(more)) {
      case Parsed.Valid<ChatRequest> valid -> valid.value().sampling();
      case Parsed.Invalid<ChatRequest> invalid ->
          throw new AssertionError(invalid.error().message());
    };
  }

  private ApiError error(String more) {
    return switch (parse(more)) {
      case Parsed.Valid<ChatRequest> valid -> throw new AssertionError(more + " was accepted");
      case Parsed.Invalid<ChatRequest> invalid -> invalid.error();
    };
  }

  @Test
  void what_is_not_sent_is_the_servers() {
    assertThat(sampling("")).isEqualTo(DEFAULTS);
    assertThat(sampling(",\"logprobs\":false,\"logit_bias\":{},\"frequency_penalty\":0"))
        .isEqualTo(DEFAULTS);
  }

  @Test
  void each_control_is_read_by_its_name() {
    String all =
        """
        ,"typical_p":0.9,"top_n_sigma":1.5,"xtc_probability":0.5,"xtc_threshold":0.2,
        "logit_bias":{"7":-100,"8":1.5},"min_tokens":4,"no_repeat_ngram_size":3,
        "repetition_penalty":1.1,"frequency_penalty":0.5,"presence_penalty":-0.5,"repeat_last_n":-1,
        "dry_multiplier":0.8,"dry_base":2,"dry_allowed_length":3,"dry_penalty_last_n":256,
        "dry_sequence_breakers":["\\n","END"],
        "mirostat_mode":2,"mirostat_tau":4,"mirostat_eta":0.2,
        "logprobs":true,"top_logprobs":5\
        """;
    assertThat(sampling(all))
        .isEqualTo(
            DEFAULTS
                .change()
                .cuts(new Cuts(0.9, 1.5, new Xtc(0.5, 0.2)))
                .rules(new TokenRules(Map.of(7, -100.0, 8, 1.5), 4, 3))
                .penalties(new Penalties(1.1, 0.5, -0.5, -1))
                .dry(new Dry(0.8, 2, 3, 256, List.of("\n", "END")))
                .mirostat(new Mirostat(2, 4, 0.2))
                .logprobs(new Logprobs(true, 5))
                .build());
  }

  @Test
  void a_preset_goes_over_the_servers_and_under_the_requests() {
    Sampling sampling = sampling(",\"preset\":\"balanced\",\"top_p\":0.5");
    assertThat(sampling.temperature()).isEqualTo(0.7);
    assertThat(sampling.topP()).isEqualTo(0.5);
    assertThat(sampling.maxTokens()).isEqualTo(50);
    assertThat(sampling.seed()).isEqualTo(9);
    assertThat(sampling.stop()).containsExactly("X");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "preset | \"wild\"",
        "preset | 1",
        "typical_p | 0",
        "typical_p | 1.1",
        "top_n_sigma | -1",
        "xtc_probability | 2",
        "xtc_threshold | -0.1",
        "min_tokens | 51",
        "min_tokens | -1",
        "min_tokens | 1.5",
        "no_repeat_ngram_size | 101",
        "repetition_penalty | 0",
        "repetition_penalty | 2.5",
        "repetition_penalty | 1e999",
        "frequency_penalty | 2.1",
        "presence_penalty | \"1\"",
        "repeat_last_n | -2",
        "dry_multiplier | -1",
        "dry_base | 0.5",
        "dry_allowed_length | 0",
        "dry_penalty_last_n | -2",
        "dry_sequence_breakers | \":\"",
        "dry_sequence_breakers | [\"\"]",
        "dry_sequence_breakers | [1]",
        "mirostat_mode | 3",
        "mirostat_tau | -1",
        "mirostat_eta | 0",
        "logprobs | 1",
        "top_logprobs | 3",
        "top_logprobs | 21",
        "logit_bias | [1]",
        "logit_bias | {\"no\":1}",
        "logit_bias | {\"-1\":1}",
        "logit_bias | {\"12345678901\":1}",
      })
  void a_wrong_value_is_one_error_that_names_its_field(String name, String value) {
    ApiError error = error(",\"" + name + "\":" + value);
    assertThat(error.status()).isEqualTo(400);
    assertThat(error.param()).contains(name);
    assertThat(error.message()).isNotBlank();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "repeat_penalty | 1.1 | repetition_penalty",
        "mirostat | 2 | mirostat_mode",
        "n_predict | 20 | max_tokens",
        "n_probs | 3 | logprobs",
        "ignore_eos | true | min_tokens",
        "stop_token_ids | [2] | stop",
        "bad_words | [\"x\"] | logit_bias",
        "samplers | [\"top_k\"] | not supported",
        "dynatemp_range | 0.5 | not supported",
        "use_beam_search | true | not supported",
      })
  void an_option_under_another_servers_name_is_refused_with_ours(
      String name, String value, String said) {
    ApiError error = error(",\"" + name + "\":" + value);
    assertThat(error.code()).contains("unsupported_parameter");
    assertThat(error.param()).contains(name);
    assertThat(error.message()).contains(said);
  }

  @Test
  void what_clients_of_other_servers_send_by_default_does_no_harm() {
    assertThat(
            sampling(
                ",\"repeat_penalty\":1.0,\"mirostat\":0,\"n_predict\":-1,\"n_probs\":0,\"ignore_eos\":false,"
                    + "\"stop_token_ids\":[],\"bad_words\":null,\"samplers\":[],\"min_keep\":0,\"lora\":[],"
                    + "\"dynatemp_range\":0,\"adaptive_target\":-1,\"best_of\":1,\"cache_prompt\":true"))
        .isEqualTo(DEFAULTS);
  }

  @Test
  void choices_are_one_to_four_and_one_by_default() {
    assertThat(choices("")).isOne();
    assertThat(choices(",\"n\":null")).isOne();
    assertThat(choices(",\"n\":4")).isEqualTo(4);
    assertThat(error(",\"n\":0").param()).contains("n");
    assertThat(error(",\"n\":5").message()).contains("between 1 and 4");
    assertThat(error(",\"n\":1.5").param()).contains("n");
  }

  private int choices(String more) {
    return switch (parse(more)) {
      case Parsed.Valid<ChatRequest> valid -> valid.value().choices();
      case Parsed.Invalid<ChatRequest> invalid ->
          throw new AssertionError(invalid.error().message());
    };
  }

  @Test
  void a_bias_out_of_range_is_named_with_its_token() {
    assertThat(error(",\"logit_bias\":{\"5\":101}").param()).contains("logit_bias.5");
    String many =
        IntStream.rangeClosed(0, TokenRules.MAX_BIASES)
            .mapToObj(token -> "\"" + token + "\":1")
            .collect(Collectors.joining(","));
    assertThat(error(",\"logit_bias\":{" + many + "}").message()).contains("300");
  }
}
