package dev.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PromptsTest {
  @Test
  void the_same_round_asks_every_peer_the_same() {
    assertThat(new Prompts(3).ask(250, 8)).isEqualTo(new Prompts(3).ask(250, 8));
  }

  @Test
  void another_round_asks_something_else_from_the_first_word_on() {
    assertThat(new Prompts(1).story(64))
        .doesNotStartWith(new Prompts(2).story(64).substring(0, 10));
  }

  @Test
  void a_longer_prompt_has_as_many_words_more() {
    int shorter = new Prompts(5).story(300).split(" ").length;
    int longer = new Prompts(5).story(1_700).split(" ").length;

    assertThat(longer - shorter).isEqualTo(1_400);
  }
}
