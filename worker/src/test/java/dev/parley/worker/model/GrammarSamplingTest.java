package dev.parley.worker.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.shared.grammar.Grammar;
import dev.parley.shared.grammar.GrammarException;
import dev.parley.shared.grammar.GrammarState;
import dev.parley.shared.wire.Logprobs;
import dev.parley.shared.wire.Mirostat;
import dev.parley.shared.wire.ResponseFormat;
import dev.parley.shared.wire.Sampling;
import dev.parley.shared.wire.TokenRules;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class GrammarSamplingTest {
  private static final int END = 0;
  private static final int CONTROL = 1;
  private static final String[] SPELLING = {"", "", "a", "b", "ab", "abc", "c", "ba", "a", "x"};
  private static final Sampling GREEDY = Sampling.greedy(100);

  private final TokenFacts facts = new TokenFacts(new int[] {END}, GrammarSamplingTest::bytes);
  private final TokenSampler sampler = new TokenSampler(facts);

  private static byte[] bytes(int token) {
    return SPELLING[token].getBytes(StandardCharsets.UTF_8);
  }

  private static Sampling within(Sampling sampling, String gbnf) {
    return sampling.change().format(ResponseFormat.grammar(gbnf)).build();
  }

  /// The most probable first, in the order of their ids.
  private static float[] row() {
    return new float[] {9, 8, 7, 6, 5, 4, 3, 2, 1, 0};
  }

  /// The next token after these.
  private Choice next(Sampling sampling, int... tokens) {
    TokenList said = new TokenList(new int[0]);
    SamplerState state = new SamplerState(sampling, said, 0);
    for (int token : tokens) {
      said.add(token);
      assertThat(state.accept(bytes(token))).isTrue();
    }
    return sampler.choose(row(), state);
  }

  @Test
  void the_best_token_that_the_grammar_allows_is_taken() {
    Sampling sampling = within(GREEDY, "root ::= \"b\" \"abc\" | \"x\"");
    assertThat(next(sampling).token()).isEqualTo(3);
    assertThat(next(sampling, 3).token()).isEqualTo(2);
    assertThat(next(sampling, 3, 4).token()).isEqualTo(6);
    assertThat(next(sampling, 7).token()).isEqualTo(3);
  }

  @Test
  void a_complete_text_may_end_and_must_when_nothing_else_may_come() {
    Sampling sampling = within(GREEDY, "root ::= \"a\" \"x\"?");
    assertThat(next(sampling, 2).token()).isEqualTo(END);
    assertThat(next(sampling, 2, 9).token()).isEqualTo(END);
    assertThat(next(sampling).token()).isEqualTo(2);
  }

  @Test
  void a_control_token_is_none_of_the_text() {
    assertThat(next(within(GREEDY, "root ::= .*  \"x\"")).token()).isEqualTo(2);
    SamplerState state =
        new SamplerState(within(GREEDY, "root ::= .*"), new TokenList(new int[0]), 0);
    assertThat(state.accept(bytes(CONTROL))).isFalse();
  }

  @Test
  void the_grammar_wins_over_a_minimum() {
    Sampling atLeastTwo = GREEDY.change().rules(new TokenRules(Map.of(), 2, 0)).build();
    assertThat(next(within(atLeastTwo, "root ::= \"a\"")).token()).isEqualTo(2);
    assertThat(next(within(atLeastTwo, "root ::= \"a\""), 2).token()).isEqualTo(END);
    // Where the text may go on, it does.
    assertThat(next(within(atLeastTwo, "root ::= \"a\" \"x\"?"), 2).token()).isEqualTo(9);
  }

  @Test
  void the_grammar_wins_over_bans() {
    Sampling noneTwice = GREEDY.change().rules(new TokenRules(Map.of(), 0, 1)).build();
    assertThat(next(within(noneTwice, "root ::= \"xx\""), 9).token()).isEqualTo(9);
    // Another token that spells the same is not banned.
    assertThat(next(within(noneTwice, "root ::= \"aa\""), 2).token()).isEqualTo(8);
  }

  @Test
  void logprobs_are_those_of_the_model() {
    Sampling scored = GREEDY.change().logprobs(new Logprobs(true, 2)).build();
    TokenScore score = next(within(scored, "root ::= \"x\"")).score().orElseThrow();
    assertThat(score.token()).isEqualTo(9);
    assertThat(score.best()).extracting(TokenScore::token).containsExactly(0, 1);
    assertThat(score.logprob())
        .isCloseTo(score.best().getFirst().logprob() - 9, Offset.offset(1e-6));
  }

  @Test
  void mirostat_remembers_only_the_draw_that_counts() {
    Sampling mirostat =
        new Sampling(100, 1, 1, 0, 0, 5, List.of())
            .change()
            .mirostat(new Mirostat(2, 5, 0.5))
            .build();
    SamplerState only = new SamplerState(mirostat, new TokenList(new int[0]), 0);
    float[] masked = new float[SPELLING.length];
    Arrays.fill(masked, Float.NEGATIVE_INFINITY);
    masked[9] = row()[9];
    assertThat(sampler.choose(masked, only).token()).isEqualTo(9);
    SamplerState grammar =
        new SamplerState(within(mirostat, "root ::= \"x\""), new TokenList(new int[0]), 0);
    assertThat(sampler.choose(row(), grammar).token()).isEqualTo(9);
    assertThat(grammar.mu()).isEqualTo(only.mu());
  }

  @Test
  void a_grammar_that_no_token_fits_fails_alone() {
    Sampling sampling = within(GREEDY, "root ::= \"q\"");
    assertThatThrownBy(() -> next(sampling))
        .isInstanceOf(GrammarException.class)
        .hasMessageContaining("no token");
    assertThat(next(GREEDY).token()).isEqualTo(END);
  }

  @Test
  void what_the_grammar_allows_anyway_is_drawn_as_without_it() {
    Sampling free = new Sampling(100, 1.5, 0.9, 0, 0, 3, List.of());
    Sampling anything = within(free, "root ::= [a-c]*");
    for (int seed = 0; seed < 200; seed++) {
      int drawn = next(free.withSeed(seed)).token();
      if (drawn != CONTROL && drawn != 9) {
        assertThat(next(anything.withSeed(seed)).token()).isEqualTo(drawn);
      }
    }
  }

  @Test
  void a_row_is_left_with_each_token_that_is_allowed_alone() {
    Random random = new Random(11);
    String letters = "ab\u00e9\u2603x";
    for (int round = 0; round < 200; round++) {
      byte[][] words = new byte[60][];
      for (int i = 0; i < words.length; i++) {
        StringBuilder word = new StringBuilder();
        for (int n = random.nextInt(5); n > 0; n--) {
          word.append(letters.charAt(random.nextInt(letters.length())));
        }
        byte[] utf8 = word.toString().getBytes(StandardCharsets.UTF_8);
        words[i] = Arrays.copyOf(utf8, random.nextInt(utf8.length + 1));
      }
      TokenFacts made = new TokenFacts(new int[] {3, 7}, token -> words[token]);
      GrammarMask mask = new GrammarMask(made);
      GrammarState state =
          GrammarState.start(Grammar.parse("root ::= (\"a\" [b\u00e9]* | \"\u2603\")* \"x\"?"));
      for (int step = random.nextInt(4); step > 0; step--) {
        GrammarState next = state.next(words[random.nextInt(words.length)]);
        state = next.dead() ? state : next;
      }
      float[] logits = new float[words.length];
      mask.apply(state, logits);
      for (int token = 0; token < words.length; token++) {
        assertThat(logits[token] == 0).isEqualTo(mask.allows(state, token, words.length));
      }
    }
  }
}
