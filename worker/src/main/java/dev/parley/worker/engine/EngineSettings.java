package dev.parley.worker.engine;

import dev.parley.worker.schedule.ScheduleLimits;
import java.nio.file.Path;
import java.util.Optional;

/// How an engine schedules and what it records.
///
/// @param stepTokens rows of one step when nobody is decoding
/// @param busyPrefillTokens prompt rows of one step beside decoding sequences
/// @param maxWaiting requests held beyond the slots
/// @param stepLogFile where every step is written as one line, if anywhere
/// @param poisonMarker **for tests only**: a message that contains it ends the process when its prompt
///     is computed, as a fault in native code would
public record EngineSettings(
    int stepTokens,
    int busyPrefillTokens,
    int maxWaiting,
    Optional<Path> stepLogFile,
    Optional<String> poisonMarker) {

  /// 256 prompt tokens at once when nobody waits, 64 beside answers, 256 requests waiting.
  public static final EngineSettings DEFAULT =
      new EngineSettings(256, ScheduleLimits.CHUNK_TOKENS, 256, Optional.empty(), Optional.empty());

  public EngineSettings withStepLogFile(Path file) {
    return new EngineSettings(
        stepTokens, busyPrefillTokens, maxWaiting, Optional.of(file), poisonMarker);
  }

  public EngineSettings withPoisonMarker(String marker) {
    return new EngineSettings(
        stepTokens, busyPrefillTokens, maxWaiting, stepLogFile, Optional.of(marker));
  }

  public EngineSettings withMaxWaiting(int requests) {
    return new EngineSettings(stepTokens, busyPrefillTokens, requests, stepLogFile, poisonMarker);
  }

  /// Rows that one decode call may need with this many slots.
  public int batchTokens(int slots) {
    return Math.max(stepTokens, slots + busyPrefillTokens);
  }

  ScheduleLimits limits(int slots, int contextTokens) {
    return new ScheduleLimits(
        slots, contextTokens, batchTokens(slots), busyPrefillTokens, maxWaiting);
  }
}
