package dev.parley.worker.model;

/// Bans every token that would complete an n-gram which prompt and answer have already: Paulus et al. 2017
/// (arXiv:1705.04304, section 2.5) for n = 3, `no_repeat_ngram_size` in Hugging Face transformers.
final class NgramBan {
  private NgramBan() {}

  /// @param size of the n-grams, at least 1
  static void apply(LogitRow row, TokenView tokens, int size) {
    int known = size - 1;
    int open = tokens.size() - known;
    for (int from = 0; from < open; from++) {
      if (same(tokens, from, open, known)) {
        row.ban(tokens.get(from + known));
      }
    }
  }

  private static boolean same(TokenView tokens, int a, int b, int length) {
    // From the end: that is where most differ, as template tokens repeat at the beginnings.
    for (int i = length - 1; i >= 0; i--) {
      if (tokens.get(a + i) != tokens.get(b + i)) {
        return false;
      }
    }
    return true;
  }
}
