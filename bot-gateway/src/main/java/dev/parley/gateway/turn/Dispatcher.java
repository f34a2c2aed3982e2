package dev.parley.gateway.turn;

import dev.parley.gateway.dispatch.ProduceResult;
import dev.parley.shared.wire.Prompt;
import java.util.function.Consumer;

/// Puts a prompt into the queue, off the machine's thread.
public interface Dispatcher {

  /// @param then called once, later, on the machine's thread
  void produce(Prompt prompt, Consumer<ProduceResult> then);
}
