package dev.parley.bench;

import java.util.Map;
import java.util.OptionalInt;

/// How much an engine is given for a scenario.
///
/// @param slots sequences at once
/// @param slotTokens KV cache of each, in tokens; llama-server's slots have the same
/// @param prefixMib host memory for the beginnings of prompts, MiB; empty: what each takes by itself
/// @param pathSettings of the whole path beyond those of the engine
/// @param workers of ours, each with these slots, which share the threads and a folder for their prefix files
record Capacity(
    int slots,
    int slotTokens,
    OptionalInt prefixMib,
    Map<String, String> pathSettings,
    int workers) {
  /// What most scenarios need.
  static final Capacity EIGHT_SLOTS = new Capacity(8, 2048, OptionalInt.empty(), Map.of(), 1);

  Capacity {
    pathSettings = Map.copyOf(pathSettings);
  }

  Capacity withPrefixMib(int mib) {
    return new Capacity(slots, slotTokens, OptionalInt.of(mib), pathSettings, workers);
  }

  Capacity withPathSettings(Map<String, String> settings) {
    return new Capacity(slots, slotTokens, prefixMib, settings, workers);
  }

  Capacity onWorkers(int count) {
    return new Capacity(slots, slotTokens, prefixMib, pathSettings, count);
  }
}
