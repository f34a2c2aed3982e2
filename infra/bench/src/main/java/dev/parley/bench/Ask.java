package dev.parley.bench;

import java.time.Duration;
import java.util.List;

/// A request of an open loop: it is sent at its time, whatever became of those before it.
///
/// @param kind of requests that a scenario tells apart: `long prompt`
/// @param at after the load's begin
record Ask(String kind, Duration at, Question question) {
  static Ask now(String kind, Question question) {
    return new Ask(kind, Duration.ZERO, question);
  }

  /// Those of a kind.
  static List<Reply> of(List<Reply> replies, String kind) {
    return replies.stream().filter(reply -> reply.ask().kind().equals(kind)).toList();
  }
}
