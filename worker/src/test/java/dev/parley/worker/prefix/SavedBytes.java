package dev.parley.worker.prefix;

import dev.parley.worker.llama.SavedSequence;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/// A saved cache whose content a test can foretell, and which counts who holds it.
class SavedBytes implements SavedSequence {
  private final byte[] content;
  final AtomicInteger holders = new AtomicInteger(1);

  SavedBytes(byte[] content) {
    this.content = content;
  }

  /// A cache of so many bytes, each of them this.
  static SavedBytes of(int bytes, int value) {
    byte[] content = new byte[bytes];
    Arrays.fill(content, (byte) value);
    return new SavedBytes(content);
  }

  static SavedBytes load(ReadableByteChannel channel, long bytes) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(bytes));
    return new SavedBytes(PrefixHeader.fill(channel, content).array());
  }

  byte[] content() {
    return content;
  }

  @Override
  public long bytes() {
    return content.length;
  }

  @Override
  public SavedSequence share() {
    holders.incrementAndGet();
    return this;
  }

  @Override
  public void writeTo(WritableByteChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(content);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public void close() {
    holders.decrementAndGet();
  }
}
