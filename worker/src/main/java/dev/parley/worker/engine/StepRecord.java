package dev.parley.worker.engine;

import dev.parley.worker.schedule.StepPlan;
import dev.parley.worker.schedule.StepPlan.CacheMove;
import java.util.Locale;
import java.util.stream.Collectors;

/// One step as the step log keeps it.
///
/// @param step number, from 1
/// @param startedNanos `System.nanoTime()` at its start
/// @param tookNanos moves, decode calls and sampling
/// @param plan what was done
/// @param waiting requests without a slot while it ran
public record StepRecord(long step, long startedNanos, long tookNanos, StepPlan plan, int waiting) {

  /// `step=7 ms=41.3 rows=a,b chunks=c:64+64 moves=d:3>1,e:2>host,f:prefix>2+512 waiting=2`; the parts of a
  /// chunk are id, first position and tokens.
  public String line() {
    return String.format(
        Locale.ROOT,
        "step=%d ms=%.1f rows=%s chunks=%s moves=%s waiting=%d",
        step,
        tookNanos / 1e6,
        plan.rows().stream().map(StepPlan.Row::id).collect(Collectors.joining(",")),
        plan.chunks().stream()
            .map(chunk -> chunk.id() + ":" + chunk.from() + "+" + chunk.tokens())
            .collect(Collectors.joining(",")),
        plan.caches().stream().map(StepRecord::line).collect(Collectors.joining(",")),
        waiting);
  }

  private static String line(CacheMove move) {
    return switch (move) {
      case CacheMove.ToSlot(String id, int from, int to) -> id + ":" + from + ">" + to;
      case CacheMove.Out(String id, int slot) -> id + ":" + slot + ">host";
      case CacheMove.In(String id, int slot) -> id + ":host>" + slot;
      case CacheMove.Reuse(String id, int slot, int tokens) ->
          id + ":prefix>" + slot + "+" + tokens;
    };
  }
}
