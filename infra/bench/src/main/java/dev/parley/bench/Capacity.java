package dev.parley.bench;

import java.util.List;

/// How much an engine is given for a scenario.
///
/// @param slots sequences at once
/// @param slotTokens KV cache of each, in tokens; llama-server's slots have the same
/// @param rivalFlags what llama-server is started with beyond a peer's own settings
record Capacity(int slots, int slotTokens, List<String> rivalFlags) {
  /// What most scenarios need.
  static final Capacity EIGHT_SLOTS = new Capacity(8, 2048, List.of());

  Capacity {
    rivalFlags = List.copyOf(rivalFlags);
  }

  Capacity withRivalFlags(String... flags) {
    return new Capacity(slots, slotTokens, List.of(flags));
  }
}
