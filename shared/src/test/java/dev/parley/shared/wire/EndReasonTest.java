package dev.parley.shared.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class EndReasonTest {
  @Test
  void each_end_that_is_no_answer_has_a_sentence_of_its_own() {
    assertThat(Arrays.stream(EndReason.values()).filter(reason -> !reason.answered()))
        .allMatch(reason -> reason.sentence().endsWith("."))
        .extracting(EndReason::sentence)
        .doesNotHaveDuplicates();
  }
}
