package dev.parley.gateway.conversation;

import java.util.concurrent.TimeUnit;

/// Bounds of what a conversation remembers.
///
/// @param maxTokens of history in a prompt; when it is exceeded the oldest exchanges go until
///     [#keepTokens] are left, so that the front of the prompt stays the same for many turns (the
///     prefix cache lives from that)
/// @param maxExchanges kept in Redis
/// @param ttlMs a silent conversation is forgotten after this, ms
public record HistoryLimits(int maxTokens, int maxExchanges, long ttlMs) {

  /// Share of [#maxTokens] that a trim leaves.
  private static final double KEPT_SHARE = 0.6;

  public HistoryLimits {
    if (maxTokens < 1 || maxExchanges < 1 || ttlMs < 1) {
      throw new IllegalArgumentException("history limits must be positive");
    }
  }

  /// How long a silent conversation is remembered, in whole hours, at least 1.
  public long hours() {
    return Math.max(1, TimeUnit.MILLISECONDS.toHours(ttlMs));
  }

  /// Tokens left after a trim.
  public int keepTokens() {
    return (int) (maxTokens * KEPT_SHARE);
  }
}
