package dev.parley.bench;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/// What replies say together; seconds, and tokens per second. Failed requests do not count.
final class Timings {
  private static final double NANOS = 1e9;

  private Timings() {}

  static List<Completion> completions(List<Reply> replies) {
    return replies.stream().map(Reply::completion).flatMap(Optional::stream).toList();
  }

  static OptionalDouble meanToFirst(List<Reply> replies) {
    return completions(replies).stream().mapToDouble(c -> seconds(c.toFirst())).average();
  }

  static OptionalDouble worstToFirst(List<Reply> replies) {
    return completions(replies).stream().mapToDouble(c -> seconds(c.toFirst())).max();
  }

  /// The smallest inter-token gap that at least so many percent of all do not exceed.
  static OptionalDouble gap(List<Reply> replies, double percent) {
    List<Duration> gaps = gaps(replies).sorted().toList();
    if (gaps.isEmpty()) {
      return OptionalDouble.empty();
    }
    int rank = (int) Math.ceil(percent / 100 * gaps.size());
    return OptionalDouble.of(seconds(gaps.get(Math.max(1, rank) - 1)));
  }

  static Stream<Duration> gaps(List<Reply> replies) {
    return completions(replies).stream().flatMap(c -> c.gaps().stream());
  }

  /// From the first request to the end of the last answer.
  static OptionalDouble wall(List<Reply> replies) {
    List<Completion> done = completions(replies);
    return done.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(wallNanos(done) / NANOS);
  }

  /// All answers' tokens by the wall time.
  static OptionalDouble speed(List<Reply> replies) {
    List<Completion> done = completions(replies);
    double tokens = done.stream().mapToInt(Completion::tokens).sum();
    return done.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(tokens * NANOS / wallNanos(done));
  }

  /// Tokens per second of these answers between two moments of [System#nanoTime].
  static OptionalDouble speedBetween(List<Reply> replies, long from, long to) {
    if (to <= from) {
      return OptionalDouble.empty();
    }
    double tokens = 0;
    for (Completion c : completions(replies)) {
      long pieces = c.pieceNanos().stream().filter(at -> at > from && at <= to).count();
      // A token may bring no text of its own: pieces stand for all tokens of their answer.
      tokens += pieces * (double) c.tokens() / c.pieceNanos().size();
    }
    return OptionalDouble.of(tokens * NANOS / (to - from));
  }

  private static double wallNanos(List<Completion> done) {
    long began = done.stream().map(Completion::sentNanos).min(Comparator.naturalOrder()).orElse(0L);
    long ended = done.stream().map(Completion::lastNanos).max(Comparator.naturalOrder()).orElse(0L);
    return ended - began;
  }

  static double seconds(Duration time) {
    return time.toNanos() / NANOS;
  }
}
