package dev.parley.worker.llama;

/// How a decode call ended.
public enum DecodeResult {
  OK,
  /// No room in the cache; the memory is as it was before the call.
  NO_ROOM,
  /// Stopped by [LlamaContext#abortPrefill]; some rows may be in the cache.
  ABORTED,
  /// The library refused the batch; the memory is as it was before the call.
  REFUSED,
  /// The device failed; some rows may be in the cache.
  FAILED;

  static DecodeResult of(int code) {
    return switch (code) {
      case 0 -> OK;
      case 1 -> NO_ROOM;
      case 2 -> ABORTED;
      case -1 -> REFUSED;
      default -> FAILED;
    };
  }
}
