package dev.parley.worker.prefix;

import java.io.EOFException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/// What a file holds, before the state itself.
final class PrefixHeader {
  /// `PARLEYP1`, whose last digit is the format's version.
  private static final long MAGIC = 0x5041524C45595031L;

  /// [#MAGIC], and how many bytes follow up to the checksum.
  private static final int PREAMBLE_BYTES = Long.BYTES + Integer.BYTES;

  /// More than key, scope and 2^20 token ids take.
  private static final int MOST_BYTES = 8 << 20;

  private final String key;
  private final String scope;
  private final int[] tokens;
  private final long stateBytes;

  /// @param tokens ids of the sequence whose cache was saved, all of them
  PrefixHeader(String key, String scope, int[] tokens, long stateBytes) {
    this.key = key;
    this.scope = scope;
    this.tokens = tokens;
    this.stateBytes = stateBytes;
  }

  String key() {
    return key;
  }

  String scope() {
    return scope;
  }

  int[] tokens() {
    return tokens;
  }

  long stateBytes() {
    return stateBytes;
  }

  boolean sameAs(PrefixHeader other) {
    return key.equals(other.key)
        && scope.equals(other.scope)
        && stateBytes == other.stateBytes
        && Arrays.equals(tokens, other.tokens);
  }

  /// Whether its sequence begins like this one, or is the same.
  boolean continues(String otherScope, int[] beginning) {
    return scope.equals(otherScope)
        && tokens.length >= beginning.length
        && Arrays.mismatch(tokens, 0, beginning.length, beginning, 0, beginning.length) < 0;
  }

  /// 64 hex digits that no two different sequences share.
  String hash() {
    return hash(body());
  }

  /// SHA-256 in hex.
  static String hash(ByteBuffer bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private ByteBuffer body() {
    byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
    byte[] scopeBytes = scope.getBytes(StandardCharsets.UTF_8);
    int size =
        3 * Integer.BYTES
            + keyBytes.length
            + scopeBytes.length
            + tokens.length * Integer.BYTES
            + Long.BYTES;
    ByteBuffer body = ByteBuffer.allocate(size);
    body.putInt(keyBytes.length).put(keyBytes).putInt(scopeBytes.length).put(scopeBytes);
    body.putInt(tokens.length);
    for (int token : tokens) {
      body.putInt(token);
    }
    return body.putLong(stateBytes).flip();
  }

  /// The bytes at the beginning of the file.
  ByteBuffer encode() {
    ByteBuffer body = body();
    ByteBuffer whole = ByteBuffer.allocate(PREAMBLE_BYTES + body.remaining() + Integer.BYTES);
    whole.putLong(MAGIC).putInt(body.remaining()).put(body);
    return whole.putInt(checksum(whole.duplicate().flip())).flip();
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /// Reads what [#encode] gave.
  ///
  /// @throws DamagedFileException when it is something else
  static PrefixHeader read(ReadableByteChannel channel) throws IOException {
    ByteBuffer preamble = fill(channel, ByteBuffer.allocate(PREAMBLE_BYTES));
    long magic = preamble.getLong();
    int size = preamble.getInt();
    if (magic != MAGIC || size < 0 || size > MOST_BYTES) {
      throw new DamagedFileException("it does not begin like one of this version");
    }
    ByteBuffer rest = fill(channel, ByteBuffer.allocate(size + Integer.BYTES));
    CRC32C crc = new CRC32C();
    crc.update(preamble.flip());
    crc.update(rest.duplicate().limit(size));
    if ((int) crc.getValue() != rest.getInt(size)) {
      throw new DamagedFileException("its header is damaged");
    }
    try {
      return decode(rest.limit(size));
    } catch (BufferUnderflowException e) {
      throw new DamagedFileException("its header is of another form");
    }
  }

  private static PrefixHeader decode(ByteBuffer body) {
    String key = text(body);
    String scope = text(body);
    int[] tokens = new int[count(body, Integer.BYTES)];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = body.getInt();
    }
    return new PrefixHeader(key, scope, tokens, body.getLong());
  }

  private static String text(ByteBuffer body) {
    byte[] bytes = new byte[count(body, 1)];
    body.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static int count(ByteBuffer body, int bytesEach) {
    int count = body.getInt();
    if (count < 0 || count > body.remaining() / bytesEach) {
      throw new BufferUnderflowException();
    }
    return count;
  }

  /// Reads until the buffer is full, and flips it.
  static ByteBuffer fill(ReadableByteChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException("it ends too early");
      }
    }
    return buffer.flip();
  }
}
