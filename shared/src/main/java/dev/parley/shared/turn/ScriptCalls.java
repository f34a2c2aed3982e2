package dev.parley.shared.turn;

import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// One machine's scripts on one turn: one under way at a time, with pauses between them, a chosen one, or one that
/// doubles while the store does not answer. Every script may be repeated: after one of unknown outcome the machine
/// is to call again. Not thread-safe.
public final class ScriptCalls {
  private final StoreCaller store;
  private final TurnRef ref;
  private final LongSupplier clock;
  private final long retryMs;
  private final long retryMaxMs;
  private final Runnable step;
  private boolean busy;
  private long notBeforeMs;
  private long backoffMs;

  /// @param clock ms since some earlier moment
  /// @param retryMs first pause after a call of unknown outcome; doubles up to `retryMaxMs`
  /// @param step takes the machine on after a reply
  public ScriptCalls(
      StoreCaller store,
      TurnRef ref,
      LongSupplier clock,
      long retryMs,
      long retryMaxMs,
      Runnable step) {
    this.store = store;
    this.ref = ref;
    this.clock = clock;
    this.retryMs = retryMs;
    this.retryMaxMs = retryMaxMs;
    this.step = step;
    this.backoffMs = retryMs;
  }

  /// Whether a script is under way.
  public boolean busy() {
    return busy;
  }

  /// Whether the next one may be sent.
  public boolean mayGo(long now) {
    return !busy && now >= notBeforeMs;
  }

  /// The end of the pause, ms, when it was not over at the last step.
  public long nextMs(long steppedMs) {
    return !busy && notBeforeMs > steppedMs ? notBeforeMs : Long.MAX_VALUE;
  }

  /// Nothing is sent for a while.
  public void pause(long ms) {
    notBeforeMs = clock.getAsLong() + ms;
  }

  /// The store does not answer, or not yet: a pause twice as long as the last such.
  public void backOff() {
    pause(backoffMs);
    backoffMs = Math.min(2 * backoffMs, retryMaxMs);
  }

  /// The store answers: the next trouble begins with a short pause.
  public void recovered() {
    backoffMs = retryMs;
  }

  /// @param what name of the call, for logs
  /// @param then takes the reply; the machine steps after it
  public <R> void call(String what, Function<TurnStore, R> script, Consumer<R> then) {
    call(what, script, then, () -> {});
  }

  /// @param what name of the call, for logs
  /// @param then takes the reply; the machine steps after it
  /// @param unknown there is none, and a pause has begun
  public <R> void call(
      String what, Function<TurnStore, R> script, Consumer<R> then, Runnable unknown) {
    busy = true;
    notBeforeMs = 0;
    store.call(
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
          unknown.run();
        });
  }
}
