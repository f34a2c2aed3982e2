package dev.parley.shared.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The key-values of a GGUF file, version 3, as [GgufWriter] and others write it.
public final class GgufReader {
  /// More than any vocabulary takes.
  private static final long HEADER_LIMIT_BYTES = 256L << 20;

  private final Map<String, Value> values = new LinkedHashMap<>();

  /// @param bytes as they stand in the file
  record Value(int type, ByteBuffer bytes) {
    /// To be read from its begin.
    ByteBuffer buffer() {
      return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  private GgufReader() {}

  /// @throws IOException when the file cannot be read, or is none of GGUF version 3
  public static GgufReader read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer in =
          channel
              .map(MapMode.READ_ONLY, 0, Math.min(channel.size(), HEADER_LIMIT_BYTES))
              .order(ByteOrder.LITTLE_ENDIAN);
      byte[] magic = new byte[GgufWriter.MAGIC.length()];
      in.get(magic);
      if (!GgufWriter.MAGIC.equals(new String(magic, StandardCharsets.US_ASCII))
          || in.getInt() != GgufWriter.VERSION) {
        throw new IOException(file + " is not a GGUF file of version " + GgufWriter.VERSION);
      }
      GgufReader reader = new GgufReader();
      long _ = in.getLong();
      for (long left = in.getLong(); left > 0; left--) {
        String key = text(in);
        int type = in.getInt();
        int begin = in.position();
        skip(in, type);
        reader.values.put(key, new Value(type, in.slice(begin, in.position() - begin)));
      }
      return reader;
    }
  }

  /// In the file's order.
  public Set<String> keys() {
    return values.keySet();
  }

  public String text(String key) {
    return text(value(key, GgufWriter.STRING));
  }

  /// An unsigned number of 32 bits.
  public int number(String key) {
    return value(key, GgufWriter.UINT32).getInt();
  }

  public List<String> texts(String key) {
    ByteBuffer in = array(key, GgufWriter.STRING);
    List<String> texts = new ArrayList<>();
    for (long left = in.getLong(); left > 0; left--) {
      texts.add(text(in));
    }
    return texts;
  }

  public int[] ints(String key) {
    ByteBuffer in = array(key, GgufWriter.INT32);
    int[] ints = new int[Math.toIntExact(in.getLong())];
    in.asIntBuffer().get(ints);
    return ints;
  }

  /// @throws IllegalArgumentException when the file has no such key
  Value value(String key) {
    return Optional.ofNullable(values.get(key))
        .orElseThrow(() -> new IllegalArgumentException("the file has no " + key));
  }

  private ByteBuffer value(String key, int type) {
    Value value = value(key);
    if (value.type() != type) {
      throw new IllegalArgumentException(key + " is of type " + value.type() + ", not " + type);
    }
    return value.buffer();
  }

  /// Stands before the number of elements.
  private ByteBuffer array(String key, int elementType) {
    ByteBuffer in = value(key, GgufWriter.ARRAY);
    int type = in.getInt();
    if (type != elementType) {
      throw new IllegalArgumentException(key + " has elements of type " + type);
    }
    return in;
  }

  private static String text(ByteBuffer in) {
    byte[] utf8 = new byte[Math.toIntExact(in.getLong())];
    in.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private static void skip(ByteBuffer in, int type) throws IOException {
    int bytes =
        switch (type) {
          case 0, 1, 7 -> Byte.BYTES;
          case 2, 3 -> Short.BYTES;
          case GgufWriter.UINT32, GgufWriter.INT32, GgufWriter.FLOAT32 -> Integer.BYTES;
          case 10, 11, 12 -> Long.BYTES;
          case GgufWriter.STRING -> Math.toIntExact(in.getLong());
          case GgufWriter.ARRAY -> {
            int elements = in.getInt();
            for (long left = in.getLong(); left > 0; left--) {
              skip(in, elements);
            }
            yield 0;
          }
          default -> throw new IOException("GGUF has no value type " + type);
        };
    in.position(in.position() + bytes);
  }
}
