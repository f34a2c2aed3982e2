package dev.parley.worker.intake;

/// Times of a held prompt.
///
/// @param renewMs between two renewals of the record's lock; at most a third of the lock
/// @param lockMs the record's lock: so long after a poll or a renewal it is ours
/// @param leaseMs how long a claim that met a living rival waits before it asks again
/// @param coalesceMs least time between two appends of one turn; the first goes at once
/// @param gotMs longest wait for the owner to have the end, before the record is accepted
/// @param gotPollMs between two looks at it
/// @param checkMs a running turn without news is looked up this often
/// @param retryMs first wait after a call of unknown outcome; doubles up to [#retryMaxMs]
/// @param maxCrashes attempts that may die on a prompt before it is given up as poison
public record IntakeLimits(
    long renewMs,
    long lockMs,
    long leaseMs,
    long coalesceMs,
    long gotMs,
    long gotPollMs,
    long checkMs,
    long retryMs,
    long retryMaxMs,
    int maxCrashes) {

  public static final IntakeLimits DEFAULT =
      new IntakeLimits(5_000, 15_000, 1_000, 40, 2_000, 100, 5_000, 100, 1_000, 3);
}
