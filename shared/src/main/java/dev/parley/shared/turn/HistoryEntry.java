package dev.parley.shared.turn;

/// What [TurnStore#delivered] adds to the conversation's history in the same step.
///
/// @param json one exchange, opaque to the store
/// @param maxEntries the oldest beyond it are dropped
/// @param ttlMs the whole history expires after this much silence
public record HistoryEntry(String json, int maxEntries, long ttlMs) {}
