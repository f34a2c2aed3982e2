package dev.parley.shared.wire;

/// Whether an answer comes with the probabilities that the model gave its tokens.
///
/// @param wanted whether each token's own is told
/// @param top how many of the most probable ones are told beside it, 0 to [#MAX_TOP]
public record Logprobs(boolean wanted, int top) {
  public static final int MAX_TOP = 20;

  public static final Logprobs NONE = new Logprobs(false, 0);

  public Logprobs {
    Require.within("top logprobs", top, 0, MAX_TOP);
    Require.that(wanted || top == 0, "top logprobs need logprobs");
  }
}
