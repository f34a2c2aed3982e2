package dev.parley.bench;

import java.util.List;
import java.util.Map;

/// How much an engine is given for a scenario.
///
/// @param slots sequences at once
/// @param slotTokens KV cache of each, in tokens; llama-server's slots have the same
/// @param rivalFlags what llama-server is started with beyond a peer's own settings
/// @param pathSettings of the whole path beyond those of the engine
/// @param workers of ours, each with these slots, which share the threads and a folder for their prefix files
record Capacity(
    int slots,
    int slotTokens,
    List<String> rivalFlags,
    Map<String, String> pathSettings,
    int workers) {
  /// What most scenarios need.
  static final Capacity EIGHT_SLOTS = new Capacity(8, 2048, List.of(), Map.of(), 1);

  Capacity {
    rivalFlags = List.copyOf(rivalFlags);
    pathSettings = Map.copyOf(pathSettings);
  }

  Capacity withRivalFlags(String... flags) {
    return new Capacity(slots, slotTokens, List.of(flags), pathSettings, workers);
  }

  Capacity withPathSettings(Map<String, String> settings) {
    return new Capacity(slots, slotTokens, rivalFlags, settings, workers);
  }

  Capacity onWorkers(int count) {
    return new Capacity(slots, slotTokens, rivalFlags, pathSettings, count);
  }
}
