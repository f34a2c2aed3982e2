package dev.parley.worker.engine;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;

/// Turns conversations into streamed answers, several at once.
///
/// Every [#submit] ends with exactly one [EngineOutput.Ended], whatever happens to it, unless the engine
/// is closed first: then the requests still held get none, because nothing is wrong with them and
/// another worker can continue them. All methods may be called from any thread and none blocks.
public interface Engine extends AutoCloseable {

  EngineInfo info();

  /// Takes a request; everything about it, its refusal too, arrives at the listener.
  ///
  /// The prompt is rendered and tokenized on the caller's thread, so that nobody's step waits for it.
  ///
  /// @throws IllegalArgumentException when a request of that id is held already
  void submit(EngineRequest request);

  /// Ends a request with `CANCELLED` within a step; has no effect on an unknown id.
  void cancel(String requestId);

  EngineLoad load();

  EngineTotals totals();

  /// For a watchdog: whether steps are still made.
  EngineProgress progress();

  /// What keeps it from answering now, one line that says what to do; empty while all is well. What is
  /// submitted meanwhile waits.
  default Optional<String> trouble() {
    return Optional.empty();
  }

  /// Registers what only an engine of its kind measures.
  default void bindTo(MeterRegistry registry) {}

  /// The last steps.
  StepLog steps();

  /// Stops after the current step and gives the model back. Requests still held are dropped silently.
  @Override
  void close();
}
