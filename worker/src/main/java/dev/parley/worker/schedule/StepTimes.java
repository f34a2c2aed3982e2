package dev.parley.worker.schedule;

/// How long the parts of a step took.
///
/// @param decodeNanos the decode call, its rows chosen from, and what came before
/// @param prefillNanos all chunks' calls
public record StepTimes(long decodeNanos, long prefillNanos) {
  public static final StepTimes NONE = new StepTimes(0, 0);
}
