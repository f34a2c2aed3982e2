package dev.parley.gateway.dispatch;

import dev.parley.shared.wire.Lane;
import java.util.concurrent.CompletableFuture;

/// Where prompts go. Thread-safe; never blocks the caller.
public interface PromptSink extends AutoCloseable {
  /// Puts a prompt into its lane's queue.
  ///
  /// @param key the turn, as `TurnRef#toString` writes it
  /// @return completes within the delivery timeout, never exceptionally
  CompletableFuture<ProduceResult> produce(Lane lane, String key, byte[] value);

  /// Lets what is under way end, within a limit.
  @Override
  void close();
}
