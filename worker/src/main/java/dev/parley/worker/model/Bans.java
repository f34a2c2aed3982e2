package dev.parley.worker.model;

import dev.parley.shared.wire.TokenRules;

/// Tokens that may not come now: the ends of an answer that is too short yet (vLLM's `min_tokens`), and whatever
/// would complete an n-gram for the second time ([NgramBan]). Bans that leave no token at all are dropped for the
/// step, because an answer must go on somehow.
final class Bans {
  private final TokenFacts facts;

  Bans(TokenFacts facts) {
    this.facts = facts;
  }

  void apply(LogitRow row, SamplerState state) {
    TokenRules rules = state.sampling().rules();
    int mark = row.mark();
    if (state.answered() < rules.minTokens()) {
      for (int end : facts.ends()) {
        row.ban(end);
      }
    }
    if (rules.noRepeatNgramSize() > 0) {
      NgramBan.apply(row, state.tokens(), rules.noRepeatNgramSize());
    }
    if (row.mark() > mark && !row.anyLeft()) {
      row.takeBack(mark);
    }
  }
}
