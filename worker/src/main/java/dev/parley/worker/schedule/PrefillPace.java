package dev.parley.worker.schedule;

import dev.parley.worker.schedule.StepPlan.Chunk;
import java.util.List;

/// How many prompt rows a step may have beside decoding sequences: what the inter-token target leaves
/// over after the decode call, by the times of the steps before.
///
/// The cost model is an exponential average of decode calls (the batch changes little from step to step) and
/// [ChunkCost]. One chunk is always allowed: a prompt must come to its end. Averages, and not what few
/// steps exceed: with twice the mean deviation on top the worst gap was no smaller, and a long prompt took a
/// quarter longer.
final class PrefillPace {
  /// Rows of a call from which its cost is that of a chunk, about: fewer cost less than their share.
  private static final int TELLING_ROWS = ScheduleLimits.CHUNK_TOKENS / 2;

  /// How much of a chunk must fit into what is left. The whole of each would leave half of it unused where two
  /// nearly fit, and a long prompt waits for that; behind many tokens one chunk alone takes longer.
  private static final double FITTING = 0.75;

  private final long targetNanos;
  private final ChunkCost cost = new ChunkCost();
  private final RecentAverage decodeNanos = new RecentAverage();

  PrefillPace(long targetNanos) {
    this.targetNanos = targetNanos;
  }

  /// What a step that decodes has left for prompts.
  double spareNanos() {
    return targetNanos - decodeNanos.value();
  }

  /// Rows of a prompt that are computed in a time, about.
  ///
  /// @param depth tokens of the prompt that are cached
  /// @param most rows, at most
  /// @return a multiple of a chunk, or `most`
  int rows(int depth, double nanos, int most) {
    int rows = 0;
    double left = nanos;
    while (rows < most) {
      double next = nanos(depth + rows, ScheduleLimits.CHUNK_TOKENS);
      if (left < FITTING * next) {
        return rows;
      }
      left -= next;
      rows += ScheduleLimits.CHUNK_TOKENS;
    }
    return most;
  }

  /// What rows of a prompt take; more than any step has, while nothing is known.
  ///
  /// @param depth tokens of the prompt that are cached
  double nanos(int depth, int rows) {
    return cost.known() ? chunks(rows) * cost.nanos(depth + rows / 2.0) : 2.0 * targetNanos;
  }

  /// How much of a prompt one call takes.
  ///
  /// What does not fill a chunk goes first, so that all calls after it are whole chunks: fewer rows miss the
  /// tiled attention kernel, which costs little while nothing lies before them, and twice as much as a whole
  /// chunk behind 1,700 tokens.
  ///
  /// @param left tokens of the prompt
  /// @param budget rows
  /// @return all that is left, or what leaves a multiple of a chunk; 0 when the budget is too small for either
  static int share(int left, int budget) {
    if (left <= budget) {
      return left;
    }
    int odd = left % ScheduleLimits.CHUNK_TOKENS;
    int whole = budget - budget % ScheduleLimits.CHUNK_TOKENS;
    return odd == 0 || whole == 0 ? whole : whole - ScheduleLimits.CHUNK_TOKENS + odd;
  }

  void measured(StepPlan plan, StepTimes times) {
    if (!plan.rows().isEmpty()) {
      decodeNanos.add((double) times.decodeNanos());
    }
    List<Chunk> calls = plan.chunks();
    if (!calls.isEmpty() && calls.stream().allMatch(call -> call.tokens() >= TELLING_ROWS)) {
      double chunks = calls.stream().mapToDouble(call -> chunks(call.tokens())).sum();
      double depths =
          calls.stream()
              .mapToDouble(call -> chunks(call.tokens()) * (call.from() + call.tokens() / 2.0))
              .sum();
      cost.measured(depths / chunks, times.prefillNanos() / chunks);
    }
  }

  /// A call of fewer rows than a chunk has costs as much as one.
  private static double chunks(int rows) {
    return Math.max(1, (double) rows / ScheduleLimits.CHUNK_TOKENS);
  }
}
