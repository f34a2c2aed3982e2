package dev.parley.worker.openai;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Whether the server answers, and which model it has. It is asked now and then; an answer that streams counts
/// too, so that a busy server is not taken for a dead one. One missed answer makes no trouble, three do; one
/// answer ends it.
///
/// A plain machine that is told the time, in nanoseconds of any origin.
final class ServerHealth {
  private static final long PERIOD_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long DOUBTFUL_PERIOD_NANOS = Duration.ofSeconds(1).toNanos();
  private static final int MISSES_ALLOWED = 2;

  private Optional<String> model;
  private Optional<String> trouble = Optional.of("the server has not answered yet");
  private boolean asking;
  private boolean heard;
  private int misses;
  private long nextNanos;

  /// @param model what the settings name, if anything
  ServerHealth(Optional<String> model, long nowNanos) {
    this.model = model;
    this.nextNanos = nowNanos;
  }

  /// What to send as `model`; empty while nobody has named one.
  Optional<String> model() {
    return model;
  }

  /// What is wrong, one line; empty while all is well.
  Optional<String> trouble() {
    return trouble;
  }

  /// When [#ask] wants to be called, `Long.MAX_VALUE` while an answer is awaited.
  long nextNanos() {
    return asking ? Long.MAX_VALUE : nextNanos;
  }

  /// Whether the server is to be asked now; true once for each asking.
  boolean ask(long nowNanos) {
    if (asking || nowNanos < nextNanos) {
      return false;
    }
    asking = true;
    return true;
  }

  /// It has answered.
  ///
  /// @param names of its models
  void answered(List<String> names, long nowNanos) {
    model = model.or(() -> names.stream().findFirst());
    heard();
    asked(nowNanos);
  }

  /// It has not.
  void missed(Failure failure, long nowNanos) {
    misses++;
    if (!heard || misses > MISSES_ALLOWED) {
      trouble = Optional.of(failure.detail());
    }
    asked(nowNanos);
  }

  /// It has begun to answer a request.
  void heard() {
    heard = true;
    misses = 0;
    trouble =
        model.isPresent()
            ? Optional.empty()
            : Optional.of("the server names no model: set PARLEY_REMOTE_MODEL");
  }

  private void asked(long nowNanos) {
    asking = false;
    nextNanos =
        nowNanos + (misses > 0 || trouble.isPresent() ? DOUBTFUL_PERIOD_NANOS : PERIOD_NANOS);
  }
}
