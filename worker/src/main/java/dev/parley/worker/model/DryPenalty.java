package dev.parley.worker.model;

import dev.parley.shared.wire.Dry;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// "Don't repeat yourself" (p-e-w, text-generation-webui #5677; `llama_sampler_init_dry`): the end of the text is
/// searched for earlier in the text, and the token that came after it there loses
/// `multiplier * base ^ (length - allowedLength)`, where `length` counts the tokens that are the same. No repetition
/// goes across a breaker, and a token that contains a breaker is not penalized.
///
/// Lengths come from the Z-algorithm over the tokens read backwards: linear in the tokens looked at. Breakers are
/// looked for in the tokens' bytes, so that one may begin in one token and end in another. Reused and not
/// thread-safe.
final class DryPenalty {
  /// `exp` of more is infinite as a float.
  private static final double MAX_EXPONENT = 88.7;

  private final TokenFacts facts;

  /// Longest repetition that each token would prolong; all zero between calls.
  private int[] longest = new int[0];

  private int[] lengths = new int[256];

  DryPenalty(TokenFacts facts) {
    this.facts = facts;
  }

  void apply(LogitRow row, TokenView tokens, Dry dry) {
    int count = tokens.size() - tokens.lastFrom(dry.lastN());
    List<byte[]> breakers =
        dry.breakers().stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
    int limit = unbroken(tokens, count, breakers, row.size());
    if (count <= dry.allowedLength() || limit < dry.allowedLength()) {
      return;
    }
    measure(tokens, count);
    if (longest.length < row.size()) {
      longest = new int[row.size()];
    }
    for (int back = 1; back < count; back++) {
      int length = Math.min(lengths[back], limit);
      int next = fromEnd(tokens, back - 1);
      longest[next] =
          length >= dry.allowedLength() ? Math.max(longest[next], length) : longest[next];
    }
    for (int back = 1; back < count; back++) {
      int next = fromEnd(tokens, back - 1);
      if (longest[next] > 0 && !containsAny(next, breakers, row.size())) {
        row.set(next, (float) (row.get(next) - penalty(longest[next], dry)));
      }
      longest[next] = 0;
    }
  }

  private static double penalty(int length, Dry dry) {
    double exponent = (length - dry.allowedLength()) * Math.log(dry.base());
    return dry.multiplier() * Math.exp(Math.min(exponent, MAX_EXPONENT));
  }

  private static int fromEnd(TokenView tokens, int back) {
    return tokens.get(tokens.size() - 1 - back);
  }

  /// Fills [#lengths]: at `back`, how many tokens before there, read backwards, are those at the end.
  private void measure(TokenView tokens, int count) {
    if (lengths.length < count) {
      lengths = new int[Math.max(count, 2 * lengths.length)];
    }
    int left = 0;
    int right = 0;
    for (int back = 1; back < count; back++) {
      int length = back < right ? Math.min(right - back, lengths[back - left]) : 0;
      while (back + length < count && fromEnd(tokens, length) == fromEnd(tokens, back + length)) {
        length++;
      }
      lengths[back] = length;
      if (back + length > right) {
        left = back;
        right = back + length;
      }
    }
  }

  /// Tokens after the last breaker.
  private int unbroken(TokenView tokens, int count, List<byte[]> breakers, int vocabulary) {
    for (int back = 0; back < count; back++) {
      int rest = longestBreaker(tokens, back, breakers, vocabulary);
      if (rest >= 0) {
        return back - rest;
      }
    }
    return count;
  }

  /// How many tokens the longest breaker takes that begins in a token, that one not counted; -1 without one.
  private int longestBreaker(TokenView tokens, int back, List<byte[]> breakers, int vocabulary) {
    byte[] head = facts.bytes(fromEnd(tokens, back), vocabulary);
    int most = -1;
    for (byte[] breaker : breakers) {
      for (int at = 0; at < head.length; at++) {
        if (head[at] == breaker[0]) {
          most = Math.max(most, tokensOf(breaker, tokens, back, at, vocabulary));
        }
      }
    }
    return most;
  }

  private int tokensOf(byte[] breaker, TokenView tokens, int back, int at, int vocabulary) {
    int matched = 0;
    int offset = at;
    for (int token = back; token >= 0; token--) {
      byte[] bytes = facts.bytes(fromEnd(tokens, token), vocabulary);
      int length = Math.min(bytes.length - offset, breaker.length - matched);
      if (!Arrays.equals(bytes, offset, offset + length, breaker, matched, matched + length)) {
        return -1;
      }
      matched += length;
      offset = 0;
      if (matched == breaker.length) {
        return back - token;
      }
    }
    return -1;
  }

  private boolean containsAny(int token, List<byte[]> breakers, int vocabulary) {
    TokenView alone = new TokenList(new int[] {token});
    return longestBreaker(alone, 0, breakers, vocabulary) >= 0;
  }
}
