package dev.parley.shared.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/// What the model thought of a token of the answer. About 50 bytes of JSON, and as many for each of `top`: hence the
/// short names.
///
/// @param bytes that it adds to the text, 0 to 255 each; they may be a part of a character
/// @param logprob natural logarithm of its probability, at most 0; negative infinity for the impossible
/// @param top the most probable tokens in its place, best first, themselves without `top`
public record TokenLogprob(
    @JsonProperty("b") List<Integer> bytes,
    @JsonProperty("p") double logprob,
    @JsonProperty("top") @JsonInclude(JsonInclude.Include.NON_EMPTY) List<TokenLogprob> top) {
  public TokenLogprob {
    bytes = List.copyOf(bytes);
    top = top == null ? List.of() : List.copyOf(top);
  }
}
