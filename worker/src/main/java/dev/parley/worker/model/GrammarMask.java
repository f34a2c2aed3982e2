package dev.parley.worker.model;

import dev.parley.shared.grammar.GrammarException;
import dev.parley.shared.grammar.GrammarState;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What a grammar leaves of a row: tokens whose bytes may come next, and the ends once the text is complete. Tokens
/// without bytes (control tokens) are none of the text and never allowed.
///
/// The vocabulary is walked in the order of its spellings, so that what tokens begin with in common is followed
/// once, and a beginning that fits nothing costs one comparison for each token that has it. Not thread-safe.
final class GrammarMask {
  private final TokenFacts facts;

  /// Once they were needed.
  private @Nullable Spellings spellings;

  private float[] allowed = new float[0];

  GrammarMask(TokenFacts facts) {
    this.facts = facts;
  }

  /// The vocabulary, sorted when this is first asked for: some tens of milliseconds.
  ///
  /// @param size of the vocabulary
  Spellings spellings(int size) {
    Spellings sorted = spellings;
    if (sorted == null) {
      sorted = new Spellings(facts, size);
      spellings = sorted;
    }
    return sorted;
  }

  /// Whether a token may come next.
  ///
  /// @param size of the vocabulary
  /// @throws GrammarException when this takes too long
  boolean allows(GrammarState grammar, int token, int size) {
    if (facts.isEnd(token)) {
      return grammar.complete();
    }
    byte[] bytes = facts.bytes(token, size);
    return bytes.length > 0 && !grammar.next(bytes).dead();
  }

  /// Bans every token of a row that may not come next.
  ///
  /// @throws GrammarException when this takes too long
  void apply(GrammarState grammar, float[] logits) {
    allowed = allowed.length == logits.length ? allowed : new float[logits.length];
    Arrays.fill(allowed, Float.NEGATIVE_INFINITY);
    if (grammar.complete()) {
      for (int end : facts.ends()) {
        allowed[end] = logits[end];
      }
    }
    allowText(grammar, logits, spellings(logits.length));
    System.arraycopy(allowed, 0, logits, 0, logits.length);
  }

  private void allowText(GrammarState grammar, float[] logits, Spellings sorted) {
    // After each byte of the token that was looked at last.
    GrammarState[] states = new GrammarState[sorted.longest() + 1];
    states[0] = grammar;
    // How many of its bytes were followed: all, or up to the first that does not fit.
    int followed = 0;
    for (int place = 0; place < sorted.count(); place++) {
      byte[] bytes = sorted.bytes(place);
      int at = Math.min(sorted.common(place), followed);
      while (at < bytes.length && !states[at].dead()) {
        states[at + 1] = states[at].next(bytes[at]);
        at++;
      }
      followed = at;
      if (!states[at].dead()) {
        int token = sorted.token(place);
        allowed[token] = logits[token];
      }
    }
  }
}
