package dev.parley.shared.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/// A piece of an answer on the live stream.
///
/// @param n its number, from 1, without holes within a turn's buffer
/// @param ids the tokens it adds; another worker continues the answer from them
/// @param text the text that became visible with them; may be empty while a character or a stop
///     string is incomplete
/// @param logprobs one for each of `ids` if the request wants them, else none, and no word of them in JSON
public record Delta(
    long n,
    List<Integer> ids,
    String text,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<TokenLogprob> logprobs) {

  public Delta {
    ids = List.copyOf(ids);
    logprobs = logprobs == null ? List.of() : List.copyOf(logprobs);
    if (!logprobs.isEmpty() && logprobs.size() != ids.size()) {
      throw new IllegalArgumentException(
          "delta %d has %d tokens and %d logprobs".formatted(n, ids.size(), logprobs.size()));
    }
    if (n < 1) {
      throw new IllegalArgumentException("deltas are numbered from 1, not " + n);
    }
  }

  /// Without logprobs.
  public Delta(long n, List<Integer> ids, String text) {
    this(n, ids, text, List.of());
  }

  public Delta withoutLogprobs() {
    return logprobs.isEmpty() ? this : new Delta(n, ids, text);
  }

  /// Whether another reads the same. Its logprobs may differ in the last digits: the same token, computed again in
  /// another batch.
  public boolean readsAs(Delta other) {
    return n == other.n && ids.equals(other.ids) && text.equals(other.text);
  }
}
