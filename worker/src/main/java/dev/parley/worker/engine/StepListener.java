package dev.parley.worker.engine;

import java.util.List;

/// Takes what the engine puts out. Called on the engine's thread, at most once a step, with the outputs in
/// order; it must not block, since every request waits for it.
@FunctionalInterface
public interface StepListener {
  void onStep(List<EngineOutput> outputs);
}
