package dev.parley.doubles.telegram;

import java.time.Duration;
import java.util.Optional;

/// A `getUpdates` that waits for its answer. Whoever keeps the time ends it with [#end] when it is over.
final class Poll {
  private final int limit;
  private final Duration timeout;
  private Optional<Answer> answer = Optional.empty();

  Poll(int limit, Duration timeout) {
    this.limit = limit;
    this.timeout = timeout;
  }

  int limit() {
    return limit;
  }

  Duration timeout() {
    return timeout;
  }

  Optional<Answer> answer() {
    return answer;
  }

  void answer(Answer given) {
    if (answer.isEmpty()) {
      answer = Optional.of(given);
    }
  }

  /// Its time is over: there are no updates.
  Answer end() {
    answer(Answer.done(ApiJson.NODES.arrayNode()));
    return answer.orElseThrow();
  }
}
