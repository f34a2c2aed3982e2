package dev.parley.gateway.web;

import dev.parley.shared.openai.ApiError;
import dev.parley.shared.openai.InvalidRequest;
import dev.parley.shared.wire.Sampling;

/// How many logprobs an answer may come with. They stand beside the tokens in the turn's record, in Redis and in the
/// memories of gateway and worker, at about 50 bytes in JSON and 75 in a heap: as much as a token's own entry. So
/// an answer may have as many, the alternatives of `top_logprobs` included, as the longest answer has tokens, and no
/// record is more than twice as large as it could be without them (1.6 MB more in Redis at 32,768).
final class LogprobsLimit {
  private LogprobsLimit() {}

  /// @param most logprobs of one answer
  /// @throws InvalidRequest when the answer could come with more
  static void check(Sampling sampling, int most) {
    if (!sampling.logprobs().wanted()) {
      return;
    }
    int each = 1 + sampling.logprobs().top();
    if ((long) sampling.maxTokens() * each > most) {
      throw new InvalidRequest(
          ApiError.invalid(
              "top_logprobs",
              ("An answer may come with %d logprobs, but %d tokens with %d each are more: ask for"
                      + " fewer 'top_logprobs', or for at most %d 'max_tokens'.")
                  .formatted(most, sampling.maxTokens(), each, most / each)));
    }
  }
}
