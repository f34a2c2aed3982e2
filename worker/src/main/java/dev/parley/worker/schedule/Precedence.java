package dev.parley.worker.schedule;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Who comes first, and who must make way.
///
/// First comes who has waited longest beyond [#PATIENCE]; then whose user was served least (in steps of
/// [#SERVED_STEP]) and has the fewest slots; then who has said least so far (in levels); then the shortest
/// rest of a prompt; then order of arrival.
///
/// Levels make long answers share the slots: an answer is level 0 for its first [#FIRST_WORDS] tokens,
/// level 1 up to [#LONG_ANSWER], level 2 beyond; one that nobody waits for begins a level later. A sequence
/// without a slot may take that of a decoding one
///
/// - of a user who has at least two slots more than its own has, or
/// - of a higher level, unless its user has fewer slots than its own.
///
/// Nobody makes way more than [#MAX_SWAPS] times, nor for his own user in the first [#LEAST_STAY] tokens
/// after getting a slot: so swaps pay, and everybody comes to an end.
final class Precedence {
  /// Waiting longer than this outdoes everything else.
  static final Duration PATIENCE = Duration.ofSeconds(20);

  /// Weighted tokens of [FairShare] that count as equal.
  static final long SERVED_STEP = 1_024;

  /// Tokens of an answer that come before others' further ones.
  static final int FIRST_WORDS = 32;

  /// Tokens that a sequence says at least when it has got a slot: a swap costs less than one of them.
  static final int LEAST_STAY = 8;

  static final int LONG_ANSWER = 256;
  static final int MAX_SWAPS = 4;

  private final FairShare shares;

  Precedence(FairShare shares) {
    this.shares = shares;
  }

  /// The order at one moment.
  Comparator<Sequence> at(long nowNanos) {
    return Comparator.<Sequence>comparingLong(s -> -overdueNanos(s, nowNanos))
        .thenComparingLong(s -> shares.served(s.user) / SERVED_STEP)
        .thenComparingInt(s -> shares.slots(s.user))
        .thenComparingInt(Precedence::level)
        .thenComparingInt(Sequence::promptTokensLeft)
        .thenComparingLong(s -> s.arrival);
  }

  private static long overdueNanos(Sequence sequence, long nowNanos) {
    return sequence.waits() ? Math.max(0, sequence.waitedNanos(nowNanos) - PATIENCE.toNanos()) : 0;
  }

  private static int level(Sequence sequence) {
    int said = sequence.decodedTokens();
    int level = said < FIRST_WORDS ? 0 : said < LONG_ANSWER ? 1 : 2;
    return sequence.patient ? level + 1 : level;
  }

  /// Who must make way for a sequence, if anybody.
  ///
  /// @param room cached tokens that host memory has room for
  Optional<Sequence> victim(Sequence of, List<Sequence> decoding, long room, long nowNanos) {
    int level = overdueNanos(of, nowNanos) > 0 ? 0 : level(of);
    return decoding.stream()
        .filter(v -> !v.alone && v.swaps() < MAX_SWAPS && v.cachedTokens() <= room)
        .filter(v -> mustShare(v, of) || isLater(v, of, level))
        .max(
            Comparator.<Sequence>comparingInt(v -> shares.slots(v.user))
                .thenComparingInt(Precedence::level)
                .thenComparingInt(Sequence::decodedTokens)
                .thenComparingLong(v -> v.arrival));
  }

  private boolean mustShare(Sequence holder, Sequence of) {
    return shares.slots(holder.user) > shares.slots(of.user) + 1;
  }

  private boolean isLater(Sequence holder, Sequence of, int level) {
    return level < level(holder)
        && holder.decodedInSlot() >= LEAST_STAY
        && shares.slots(holder.user) >= shares.slots(of.user);
  }
}
