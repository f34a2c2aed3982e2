package dev.parley.worker.engine;

import dev.parley.worker.model.ModelInfo;
import dev.parley.worker.prefix.PrefixFiles;
import dev.parley.worker.schedule.ScheduleLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// How an engine schedules and what it records.
///
/// @param stepTokens rows of one step when nobody is decoding
/// @param interTokenTarget what a decoding answer shall wait between two tokens at most
/// @param swapBytes host memory for the caches of preempted answers; 0 for no preemption
/// @param prefixCacheBytes host memory for computed beginnings of prompts; 0 for none
/// @param prefixFiles where such beginnings are kept for other workers and the next start, if anywhere; what is
///     read goes through the memory for them
/// @param maxWaiting requests held beyond the slots
/// @param stepLogFile where every step is written as one line, if anywhere
/// @param poisonMarker **for tests only**: a message that contains it ends the process when its prompt
///     is computed, as a fault in native code would
public record EngineSettings(
    int stepTokens,
    Duration interTokenTarget,
    long swapBytes,
    long prefixCacheBytes,
    Optional<PrefixFiles.Options> prefixFiles,
    int maxWaiting,
    Optional<Path> stepLogFile,
    Optional<String> poisonMarker) {

  /// 256 prompt tokens at once when nobody waits, else what a quarter of a second leaves; 1 GiB of swapped
  /// caches and of beginnings each, no files, 256 requests waiting.
  public static final EngineSettings DEFAULT =
      new EngineSettings(
          256,
          Duration.ofMillis(250),
          1L << 30,
          1L << 30,
          Optional.empty(),
          256,
          Optional.empty(),
          Optional.empty());

  /// A copy to be changed.
  public EngineSettingsBuilder change() {
    return new EngineSettingsBuilder(this);
  }

  /// Rows that one decode call may need with this many slots.
  public int batchTokens(int slots) {
    return Math.max(stepTokens, slots + ScheduleLimits.CHUNK_TOKENS);
  }

  ScheduleLimits limits(ModelInfo model) {
    return new ScheduleLimits(
        model.slots(),
        model.contextTokens(),
        batchTokens(model.slots()),
        maxWaiting,
        interTokenTarget.toNanos(),
        swapTokens(model.kvBytesPerToken()));
  }

  /// A made-up model's cache weighs nothing: as many as may wait can be swapped out.
  private long swapTokens(double kvBytesPerToken) {
    double tokens = kvBytesPerToken == 0 ? swapBytes : swapBytes / kvBytesPerToken;
    return (long) tokens;
  }
}
