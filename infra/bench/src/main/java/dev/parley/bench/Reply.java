package dev.parley.bench;

import java.util.Optional;

/// What became of a request.
///
/// @param completion empty when it failed
/// @param failure why it failed, else empty
record Reply(Ask ask, Optional<Completion> completion, String failure) {
  static Reply of(Ask ask, Completion completion) {
    return new Reply(ask, Optional.of(completion), "");
  }

  static Reply failed(Ask ask, Throwable why) {
    return new Reply(ask, Optional.empty(), why.toString());
  }

  /// Whether the model ended its answer before the limit.
  boolean endedEarly() {
    return completion
        .filter(c -> c.finish().equals("stop") && c.tokens() < ask.question().maxTokens())
        .isPresent();
  }

  /// Whether the server ended the answer before the limit, and not the model.
  boolean isCut() {
    return completion
        .filter(c -> !c.finish().equals("stop") && c.tokens() < ask.question().maxTokens())
        .isPresent();
  }
}
