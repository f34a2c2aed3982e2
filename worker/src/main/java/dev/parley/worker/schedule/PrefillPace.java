package dev.parley.worker.schedule;

/// How many prompt rows a step may have beside decoding sequences: what the inter-token target leaves
/// over after the decode call, by the times of the steps before.
///
/// Two exponential averages are the whole cost model: one decode call (the batch changes little from
/// step to step) and one chunk of [ScheduleLimits#CHUNK_TOKENS] rows (a chunk that is not full costs
/// nearly as much). One chunk is always allowed: a prompt must come to its end. Averages, and not what few
/// steps exceed: with twice the mean deviation on top the worst gap was no smaller, and a long prompt took a
/// quarter longer.
final class PrefillPace {
  private static final double WEIGHT_OF_NEW = 0.3;

  private final long targetNanos;
  private double decodeNanos;
  private double chunkNanos;

  PrefillPace(long targetNanos) {
    this.targetNanos = targetNanos;
  }

  /// Rows, a multiple of a chunk.
  int tokens() {
    if (chunkNanos == 0) {
      return ScheduleLimits.CHUNK_TOKENS;
    }
    double chunks = Math.floor((targetNanos - decodeNanos) / chunkNanos);
    return ScheduleLimits.CHUNK_TOKENS * (int) Math.clamp(chunks, 1, 1_000);
  }

  /// How much of a prompt one call takes.
  ///
  /// Whatever is left for a later call is a whole chunk at least, where the prompt allows it: fewer rows
  /// miss the tiled attention kernel and cost up to half as much again.
  ///
  /// @param left tokens of the prompt
  /// @param budget rows
  /// @return all that is left, or a multiple of a chunk; 0 when the budget is too small for either
  static int share(int left, int budget) {
    if (left <= budget) {
      return left;
    }
    int whole = budget - budget % ScheduleLimits.CHUNK_TOKENS;
    boolean leavesLess = left - whole < ScheduleLimits.CHUNK_TOKENS;
    return leavesLess && whole > ScheduleLimits.CHUNK_TOKENS
        ? whole - ScheduleLimits.CHUNK_TOKENS
        : whole;
  }

  void measured(StepPlan plan, StepTimes times) {
    if (!plan.rows().isEmpty()) {
      decodeNanos = average(decodeNanos, (double) times.decodeNanos());
    }
    int chunks = plan.chunks().stream().mapToInt(chunk -> chunks(chunk.tokens())).sum();
    if (chunks > 0) {
      chunkNanos = average(chunkNanos, (double) times.prefillNanos() / chunks);
    }
  }

  private static int chunks(int tokens) {
    return Math.ceilDiv(tokens, ScheduleLimits.CHUNK_TOKENS);
  }

  private static double average(double before, double now) {
    return before == 0 ? now : before + WEIGHT_OF_NEW * (now - before);
  }
}
