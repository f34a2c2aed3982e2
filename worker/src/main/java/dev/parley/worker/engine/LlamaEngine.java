package dev.parley.worker.engine;

import dev.parley.worker.llama.ContextOptions;
import dev.parley.worker.llama.KvType;
import dev.parley.worker.llama.LlamaException;
import dev.parley.worker.model.LlamaTokenModel;
import java.nio.file.Path;

/// The engine on a real model.
public final class LlamaEngine {
  private LlamaEngine() {}

  /// What to load and how large.
  ///
  /// @param libraries directory of the pinned libllama
  /// @param model GGUF file
  /// @param contextTokens of each slot
  /// @param threads CPU threads of a decode call
  public record Options(
      Path libraries, Path model, int slots, int contextTokens, KvType kvType, int threads) {}

  /// Loads the model and starts. Takes seconds for a large model.
  ///
  /// @throws LlamaException with one line that says what is wrong and what to do
  public static Engine start(Options options, EngineSettings settings, StepListener listener) {
    ContextOptions context =
        new ContextOptions(
            options.slots(),
            options.contextTokens(),
            settings.batchTokens(options.slots()),
            options.threads(),
            options.kvType());
    return BatchingEngine.start(
        LlamaTokenModel.open(options.libraries(), options.model(), context), settings, listener);
  }
}
