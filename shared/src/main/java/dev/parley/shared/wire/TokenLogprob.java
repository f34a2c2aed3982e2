package dev.parley.shared.wire;

import java.util.List;

/// What the model thought of a token of the answer.
///
/// @param bytes that it adds to the text, 0 to 255 each; they may be a part of a character
/// @param logprob natural logarithm of its probability, at most 0; negative infinity for the impossible
/// @param top the most probable tokens in its place, best first, themselves without `top`
public record TokenLogprob(List<Integer> bytes, double logprob, List<TokenLogprob> top) {
  public TokenLogprob {
    bytes = List.copyOf(bytes);
    top = List.copyOf(top);
  }
}
