package dev.parley.worker.model;

import dev.parley.shared.grammar.Grammar;
import dev.parley.shared.grammar.GrammarException;
import dev.parley.shared.grammar.GrammarState;
import dev.parley.shared.wire.Sampling;
import java.util.Optional;

/// One answer as the sampler sees it: what was asked for, the tokens so far, and the little that a control
/// remembers from one token to the next. Owned by the engine's thread.
///
/// All but mirostat is a function of tokens and seed, so that another worker goes on as this one would have.
/// Mirostat's `mu` depends on every row of logits since the answer's first token, which nobody keeps: an answer
/// under mirostat that breaks off begins anew ([#resumable]).
public final class SamplerState {
  private final Sampling sampling;
  private final TokenView tokens;
  private final int promptTokens;

  /// The surprise that mirostat allows the next token, in bits; begins at twice the target.
  private double mu;

  /// How far the answer has come in its grammar, if it has one.
  private Optional<GrammarState> grammar;

  /// Before the answer's first token: reads the grammar of its response format, if it has one.
  ///
  /// @param tokens of prompt and answer; grows with the answer
  /// @param promptTokens how many of them are the prompt's
  /// @throws GrammarException when the response format cannot be used
  public SamplerState(Sampling sampling, TokenView tokens, int promptTokens) {
    this.sampling = sampling;
    this.tokens = tokens;
    this.promptTokens = promptTokens;
    this.mu = 2 * sampling.mirostat().tau();
    this.grammar = Grammar.of(sampling.format()).map(GrammarState::start);
  }

  /// Whether an answer under these controls can be continued from its tokens.
  public static boolean resumable(Sampling sampling) {
    return !sampling.mirostat().active() || sampling.temperature() == 0;
  }

  public Sampling sampling() {
    return sampling;
  }

  /// Prompt and answer.
  public TokenView tokens() {
    return tokens;
  }

  /// How many tokens the answer has.
  public int answered() {
    return tokens.size() - promptTokens;
  }

  /// What may come next, if a grammar says so.
  public Optional<GrammarState> grammar() {
    return grammar;
  }

  /// Follows the answer by one token.
  ///
  /// @param bytes that it adds to the text
  /// @return whether the grammar allows it; if not, nothing may follow
  public boolean accept(byte[] bytes) {
    grammar =
        grammar.map(state -> {
          state.refresh();
          return state.next(bytes);
        });
    return grammar.map(state -> !state.dead() && bytes.length > 0).orElse(true);
  }

  double mu() {
    return mu;
  }

  void mu(double next) {
    mu = next;
  }
}
