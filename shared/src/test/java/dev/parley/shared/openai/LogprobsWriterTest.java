package dev.parley.shared.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.shared.wire.TokenLogprob;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogprobsWriterTest {
  @Test
  void a_token_has_text_bytes_and_its_rivals() {
    TokenLogprob rival = new TokenLogprob(List.of(0x62), Double.NEGATIVE_INFINITY, List.of());
    TokenLogprob half = new TokenLogprob(List.of(0xC3), -0.5, List.of(rival));
    assertThat(LogprobsWriter.content(List.of(half)).toString())
        .isEqualTo(
            "{\"content\":[{\"token\":\"\uFFFD\",\"logprob\":-0.5,\"bytes\":[195],"
                + "\"top_logprobs\":[{\"token\":\"b\",\"logprob\":-9999.0,\"bytes\":[98]}]}],"
                + "\"refusal\":null}");
  }

  @Test
  void none_are_null() {
    assertThat(LogprobsWriter.content(List.of()).isNull()).isTrue();
  }
}
