package dev.parley.worker.engine;

/// How busy an engine is.
///
/// @param running requests in a slot
/// @param waiting requests held without one
public record EngineLoad(int slots, int running, int waiting) {

  /// Slots that a request submitted now would find.
  public int free() {
    return Math.max(0, slots - running - waiting);
  }
}
