package dev.parley.worker.model;

import dev.parley.shared.wire.Sampling;

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

  /// @param tokens of prompt and answer; grows with the answer
  /// @param promptTokens how many of them are the prompt's
  public SamplerState(Sampling sampling, TokenView tokens, int promptTokens) {
    this.sampling = sampling;
    this.tokens = tokens;
    this.promptTokens = promptTokens;
    this.mu = 2 * sampling.mirostat().tau();
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

  double mu() {
    return mu;
  }

  void mu(double next) {
    mu = next;
  }
}
