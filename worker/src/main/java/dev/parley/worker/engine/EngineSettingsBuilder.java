package dev.parley.worker.engine;

import dev.parley.worker.prefix.PrefixFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// [EngineSettings] in the making: set by name what is not as it was, then [#build].
public final class EngineSettingsBuilder {
  private int stepTokens;
  private Duration interTokenTarget;
  private long swapBytes;
  private long prefixCacheBytes;
  private Optional<PrefixFiles.Options> prefixFiles;
  private int maxWaiting;
  private Optional<Path> stepLogFile;
  private Optional<String> poisonMarker;

  EngineSettingsBuilder(EngineSettings from) {
    stepTokens = from.stepTokens();
    interTokenTarget = from.interTokenTarget();
    swapBytes = from.swapBytes();
    prefixCacheBytes = from.prefixCacheBytes();
    prefixFiles = from.prefixFiles();
    maxWaiting = from.maxWaiting();
    stepLogFile = from.stepLogFile();
    poisonMarker = from.poisonMarker();
  }

  public EngineSettingsBuilder stepTokens(int value) {
    stepTokens = value;
    return this;
  }

  public EngineSettingsBuilder interTokenTarget(Duration value) {
    interTokenTarget = value;
    return this;
  }

  public EngineSettingsBuilder swapBytes(long value) {
    swapBytes = value;
    return this;
  }

  public EngineSettingsBuilder prefixCacheBytes(long value) {
    prefixCacheBytes = value;
    return this;
  }

  public EngineSettingsBuilder prefixFiles(Optional<PrefixFiles.Options> value) {
    prefixFiles = value;
    return this;
  }

  public EngineSettingsBuilder maxWaiting(int value) {
    maxWaiting = value;
    return this;
  }

  public EngineSettingsBuilder stepLogFile(Optional<Path> value) {
    stepLogFile = value;
    return this;
  }

  public EngineSettingsBuilder poisonMarker(Optional<String> value) {
    poisonMarker = value;
    return this;
  }

  public EngineSettings build() {
    return new EngineSettings(
        stepTokens,
        interTokenTarget,
        swapBytes,
        prefixCacheBytes,
        prefixFiles,
        maxWaiting,
        stepLogFile,
        poisonMarker);
  }
}
