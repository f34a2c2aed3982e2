package dev.parley.worker.llama;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.atomic.AtomicInteger;

/// [SavedSequence] in native memory.
final class NativeSequence implements SavedSequence {
  /// What goes through a channel at once: small enough to be in a core's cache while it is looked at.
  private static final long SLICE_BYTES = 1 << 20;

  private final Arena arena = Arena.ofShared();
  private final AtomicInteger holders = new AtomicInteger(1);
  private final MemorySegment memory;
  private long bytes;

  /// @param capacity bytes, at least 1
  NativeSequence(long capacity) {
    memory = arena.allocate(capacity);
  }

  static NativeSequence read(ReadableByteChannel channel, long bytes) throws IOException {
    NativeSequence sequence = new NativeSequence(Math.max(1, bytes));
    try {
      for (long at = 0; at < bytes; at += SLICE_BYTES) {
        ByteBuffer slice = slice(sequence.memory, at, bytes);
        while (slice.hasRemaining()) {
          if (channel.read(slice) < 0) {
            throw new EOFException("a saved sequence of " + bytes + " bytes ends before");
          }
        }
      }
      sequence.filled(bytes);
      return sequence;
    } catch (IOException | RuntimeException e) {
      sequence.close();
      throw e;
    }
  }

  private static ByteBuffer slice(MemorySegment memory, long at, long end) {
    return memory.asSlice(at, Math.min(SLICE_BYTES, end - at)).asByteBuffer();
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
  public SavedSequence share() {
    holders.incrementAndGet();
    return this;
  }

  @Override
  public void writeTo(WritableByteChannel channel) throws IOException {
    for (long at = 0; at < bytes; at += SLICE_BYTES) {
      ByteBuffer slice = slice(memory, at, bytes);
      while (slice.hasRemaining()) {
        channel.write(slice);
      }
    }
  }

  @Override
  public void close() {
    if (holders.decrementAndGet() == 0) {
      arena.close();
    }
  }
}
