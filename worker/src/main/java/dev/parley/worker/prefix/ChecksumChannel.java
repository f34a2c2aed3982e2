package dev.parley.worker.prefix;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.zip.CRC32C;

/// A channel with the checksum of what went through it, in the one direction in which it is used.
final class ChecksumChannel implements ByteChannel {
  private final ByteChannel channel;
  private final CRC32C crc = new CRC32C();

  ChecksumChannel(ByteChannel channel) {
    this.channel = channel;
  }

  int checksum() {
    return (int) crc.getValue();
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    ByteBuffer seen = into.duplicate();
    int bytes = channel.read(into);
    crc.update(seen.limit(into.position()));
    return bytes;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    ByteBuffer seen = from.duplicate();
    int bytes = channel.write(from);
    crc.update(seen.limit(from.position()));
    return bytes;
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
