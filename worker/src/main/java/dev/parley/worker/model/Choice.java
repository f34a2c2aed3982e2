package dev.parley.worker.model;

import java.util.Optional;

/// The token that comes next.
///
/// @param score there if the request wants logprobs
public record Choice(int token, Optional<TokenScore> score) {

  static Choice of(int token) {
    return new Choice(token, Optional.empty());
  }
}
