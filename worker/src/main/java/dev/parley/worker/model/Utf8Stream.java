package dev.parley.worker.model;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Bytes in pieces into text: a character appears when its last byte has come.
///
/// Bytes that are not UTF-8 become U+FFFD. The text depends on the bytes alone, not on where they were
/// cut. Not thread-safe.
final class Utf8Stream {
  private static final int LONGEST_CHARACTER = 4;

  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private byte[] incomplete = new byte[0];

  /// Takes the next bytes and gives the characters that are now whole.
  String append(byte[] bytes) {
    return decode(bytes, false);
  }

  /// The bytes have ended: an unfinished character becomes U+FFFD.
  String finish() {
    return decode(new byte[0], true);
  }

  private String decode(byte[] bytes, boolean last) {
    ByteBuffer in = ByteBuffer.allocate(incomplete.length + bytes.length);
    in.put(incomplete).put(bytes).flip();
    CharBuffer out = CharBuffer.allocate(in.remaining() + LONGEST_CHARACTER);
    decoder.decode(in, out, last);
    if (last) {
      decoder.flush(out);
    }
    incomplete = new byte[in.remaining()];
    in.get(incomplete);
    return out.flip().toString();
  }
}
