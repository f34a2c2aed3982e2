package dev.parley.shared.turn;

import java.util.function.Consumer;
import java.util.function.Function;

/// Runs a script off a machine's thread and brings the reply back onto it. The machines of gateway
/// and worker only decide; who waits for Redis is the caller's affair, which lets a simulation delay,
/// lose and reorder every reply.
public interface StoreCaller {

  /// Exactly one of `reply` and `unknown` is called later, on the machine's thread, never before this
  /// method returns.
  ///
  /// @param what name of the call, for logs
  /// @param unknown the script may or may not have run: repeat it
  <R> void call(
      String what, TurnRef ref, Function<TurnStore, R> script, Consumer<R> reply, Runnable unknown);
}
