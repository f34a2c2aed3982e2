package dev.parley.worker.intake;

import dev.parley.shared.turn.TurnStore;

/// Since when this worker's liveness was without a gap, as far as its confirmed beats prove. A worker
/// that slept beats again at once when it wakes, so the age of the last beat alone would not tell that
/// rivals had taken its turns meanwhile.
///
/// Thread-safe.
public final class Lease {

  /// Age when liveness lapsed, or was never confirmed, ms.
  static final long LAPSED_MS = Long.MAX_VALUE / 4;

  private boolean ever;
  private long confirmedMs;
  private long unbrokenSinceMs;

  /// A beat was confirmed.
  ///
  /// @param issuedMs when it was sent: the store saw it no earlier
  /// @param repliedMs when the reply came: the store saw it no later
  public synchronized void confirmed(long issuedMs, long repliedMs) {
    if (!ever || repliedMs - confirmedMs >= TurnStore.WORKER_LEASE_MS) {
      unbrokenSinceMs = issuedMs;
    }
    ever = true;
    confirmedMs = issuedMs;
  }

  /// Since the last confirmed beat, ms; [#LAPSED_MS] when liveness had a gap after `sinceMs`.
  public synchronized long ageMs(long sinceMs, long nowMs) {
    return ever && unbrokenSinceMs <= sinceMs ? nowMs - confirmedMs : LAPSED_MS;
  }

  /// Since the last confirmed beat, ms, whatever was before it.
  synchronized long ageMs(long nowMs) {
    return ever ? nowMs - confirmedMs : LAPSED_MS;
  }
}
