package dev.parley.worker.llama;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// [SavedSequence] in native memory.
final class NativeSequence implements SavedSequence {
  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory;
  private long bytes;

  /// @param capacity bytes, at least 1
  NativeSequence(long capacity) {
    memory = arena.allocate(capacity);
  }

  MemorySegment memory() {
    return memory;
  }

  long capacity() {
    return memory.byteSize();
  }

  void filled(long written) {
    bytes = written;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    arena.close();
  }
}
