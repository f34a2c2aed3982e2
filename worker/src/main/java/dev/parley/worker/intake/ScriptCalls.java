package dev.parley.worker.intake;

import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnStore;
import java.util.function.Consumer;
import java.util.function.Function;

/// A held prompt's scripts, one at a time, and the pauses between them: a chosen one, or one that doubles while
/// the store does not answer.
final class ScriptCalls {
  private final PromptPorts ports;
  private final TurnRef ref;
  private final IntakeLimits limits;
  private final Runnable step;
  private boolean busy;
  private long notBeforeMs;
  private long backoffMs;

  /// @param step goes on after a reply
  ScriptCalls(PromptPorts ports, TurnRef ref, IntakeLimits limits, Runnable step) {
    this.ports = ports;
    this.ref = ref;
    this.limits = limits;
    this.step = step;
    this.backoffMs = limits.retryMs();
  }

  /// Whether a script is under way.
  boolean busy() {
    return busy;
  }

  /// Whether the next one may be sent.
  boolean mayGo(long now) {
    return !busy && now >= notBeforeMs;
  }

  /// The end of the pause, ms, when it was not over at the last step.
  long nextMs(long steppedMs) {
    return !busy && notBeforeMs > steppedMs ? notBeforeMs : Long.MAX_VALUE;
  }

  /// Nothing is sent for a while.
  void pause(long ms) {
    notBeforeMs = ports.nowMs() + ms;
  }

  /// The store does not answer, or not yet: a pause twice as long as the last such.
  void backOff() {
    pause(backoffMs);
    backoffMs = Math.min(2 * backoffMs, limits.retryMaxMs());
  }

  /// The store answers: the next trouble begins with a short pause.
  void recovered() {
    backoffMs = limits.retryMs();
  }

  /// @param then takes the reply; the machine steps after it. Without a reply it steps after a pause, and is to
  ///     call again: every script may be repeated
  <R> void call(String what, Function<TurnStore, R> script, Consumer<R> then) {
    busy = true;
    notBeforeMs = 0;
    ports
        .store()
        .call(
            what,
            ref,
            script,
            reply -> {
              busy = false;
              then.accept(reply);
              step.run();
            },
            () -> {
              busy = false;
              backOff();
            });
  }
}
