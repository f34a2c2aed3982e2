package dev.parley.worker.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Names what token ids depend on: the model's file, the chat template, the sampler.
///
/// The file is named by its size, its first 8 MiB (all metadata and most of a vocabulary) and 64 blocks
/// spread over the rest: two different models never agree there, and a file of many gigabytes need not
/// be read at each start.
final class Fingerprint {
  private static final int HEAD_BYTES = 8 << 20;
  private static final int SAMPLES = 64;
  private static final int SAMPLE_BYTES = 4096;
  private static final int HEX_DIGITS = 16;

  private Fingerprint() {}

  static String of(Path modelFile, String template, String samplerVersion) {
    MessageDigest digest = sha256();
    try (FileChannel file = FileChannel.open(modelFile)) {
      long size = file.size();
      digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, size));
      update(digest, file, 0, HEAD_BYTES);
      for (int sample = 0; sample < SAMPLES; sample++) {
        update(digest, file, size / SAMPLES * sample, SAMPLE_BYTES);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("model file " + modelFile + " cannot be read", e);
    }
    digest.update(template.getBytes(StandardCharsets.UTF_8));
    digest.update(samplerVersion.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest.digest()).substring(0, HEX_DIGITS);
  }

  private static void update(MessageDigest digest, FileChannel file, long at, int bytes)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    while (buffer.hasRemaining() && file.read(buffer, at + buffer.position()) >= 0) {
      // Until the buffer is full or the file has ended.
    }
    digest.update(buffer.flip());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
