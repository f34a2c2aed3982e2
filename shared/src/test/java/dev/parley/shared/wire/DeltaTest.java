package dev.parley.shared.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class DeltaTest {
  private static final TokenLogprob OTHER =
      new TokenLogprob(List.of(195), Double.NEGATIVE_INFINITY, List.of());
  private static final TokenLogprob TOKEN =
      new TokenLogprob(List.of(32, 104, 105), -0.12345678901234568, List.of(OTHER));
  private static final Delta SCORED = new Delta(3, List.of(7), " hi", List.of(TOKEN));

  @Test
  void without_logprobs_its_json_does_not_know_them() {
    Delta plain = new Delta(3, List.of(7), " hi");
    assertThat(Wire.encode(plain)).isEqualTo("{\"n\":3,\"ids\":[7],\"text\":\" hi\"}");
    assertThat(Wire.decodeDelta(Wire.encode(plain))).isEqualTo(plain);
  }

  @Test
  void logprobs_are_short_in_json_and_come_back_exactly() {
    String json = Wire.encode(SCORED);
    assertThat(json)
        .isEqualTo(
            "{\"n\":3,\"ids\":[7],\"text\":\" hi\",\"logprobs\":"
                + "[{\"b\":[32,104,105],\"p\":-0.12345678901234568,\"top\":[{\"b\":[195],\"p\":\"-Infinity\"}]}]}");
    assertThat(Wire.decodeDelta(json)).isEqualTo(SCORED);
  }

  @Test
  void it_reads_as_one_with_other_logprobs() {
    Delta plain = SCORED.withoutLogprobs();
    assertThat(plain).isNotEqualTo(SCORED);
    assertThat(SCORED.readsAs(plain)).isTrue();
    assertThat(SCORED.readsAs(new Delta(3, List.of(7), " ho"))).isFalse();
    assertThat(SCORED.readsAs(new Delta(3, List.of(8), " hi"))).isFalse();
  }

  @Test
  void logprobs_are_one_for_each_token_or_none() {
    assertThatThrownBy(() -> new Delta(1, List.of(1, 2), "", List.of(TOKEN)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 tokens and 1 logprobs");
  }
}
