package dev.parley.worker.engine;

import dev.parley.worker.model.ModelInfo;

/// What an engine runs. What it does not know of its model is 0 or empty.
///
/// @param modelName for people
/// @param fingerprint of the model: token ids of another one cannot be continued
/// @param slots requests that run at once
/// @param contextTokens prompt and answer of one request together
/// @param kvType number format of the KV cache
/// @param kvBytesPerToken memory that one cached token takes
/// @param vocabulary token ids are below it; 0 if the engine has none: its answers are text alone
public record EngineInfo(
    String modelName,
    String fingerprint,
    int slots,
    int contextTokens,
    String kvType,
    double kvBytesPerToken,
    int vocabulary) {

  /// Whether answers come as token ids, and can be continued from them.
  public boolean tellsTokens() {
    return vocabulary > 0;
  }

  static EngineInfo of(ModelInfo model) {
    return new EngineInfo(
        model.name(),
        model.fingerprint(),
        model.slots(),
        model.contextTokens(),
        model.kvType(),
        model.kvBytesPerToken(),
        model.vocabulary());
  }
}
