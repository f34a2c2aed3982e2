package dev.parley.shared.testing;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

/// Writes a made-up model as a GGUF file, version 3: key-values, descriptions of the tensors, and their data, which
/// is asked for row by row while it is written, so that a file may be larger than the memory.
///
/// Source: `docs/gguf.md` in ggml's repository. All numbers are little-endian.
public final class GgufWriter {
  static final String MAGIC = "GGUF";
  static final int VERSION = 3;

  static final int UINT32 = 4;
  static final int INT32 = 5;
  static final int FLOAT32 = 6;
  static final int STRING = 8;
  static final int ARRAY = 9;

  private static final int ALIGNMENT = 32;
  private static final int BUFFER_BYTES = 1 << 20;

  /// How a tensor's numbers are stored.
  public enum Format {
    F32(0, 1, Float.BYTES),

    /// 32 numbers: a 16-bit float, by which each of the 32 signed bytes behind it is multiplied.
    Q8_0(8, 32, Short.BYTES + 32);

    private final int code;
    private final int blockNumbers;
    private final int blockBytes;

    Format(int code, int blockNumbers, int blockBytes) {
      this.code = code;
      this.blockNumbers = blockNumbers;
      this.blockBytes = blockBytes;
    }

    /// Of a row of so many numbers, in bytes.
    int rowBytes(int width) {
      return width / blockNumbers * blockBytes;
    }
  }

  /// Makes a tensor's data.
  @FunctionalInterface
  public interface RowSource {
    /// Fills a row; called once for each, in order.
    ///
    /// @param row little-endian and empty; must be full afterwards
    void fill(int index, ByteBuffer row);
  }

  private record Tensor(String name, Format format, int width, int rows, RowSource source) {
    Tensor {
      if (width <= 0 || rows <= 0 || width % format.blockNumbers != 0) {
        throw new IllegalArgumentException(
            name + ": no rows of " + width + " numbers can be " + format);
      }
    }

    long bytes() {
      return (long) format.rowBytes(width) * rows;
    }
  }

  private final ByteArrayOutputStream keyValues = new ByteArrayOutputStream();
  private final List<Tensor> tensors = new ArrayList<>();
  private int keys;

  public GgufWriter text(String key, String value) {
    begin(key, STRING);
    put(keyValues, value);
    return this;
  }

  /// An unsigned number of 32 bits.
  public GgufWriter number(String key, int value) {
    begin(key, UINT32);
    put(keyValues, value);
    return this;
  }

  public GgufWriter real(String key, float value) {
    begin(key, FLOAT32);
    put(keyValues, Float.floatToIntBits(value));
    return this;
  }

  public GgufWriter texts(String key, List<String> values) {
    beginArray(key, STRING, values.size());
    values.forEach(value -> put(keyValues, value));
    return this;
  }

  public GgufWriter ints(String key, int... values) {
    beginArray(key, INT32, values.length);
    for (int value : values) {
      put(keyValues, value);
    }
    return this;
  }

  public GgufWriter reals(String key, float... values) {
    beginArray(key, FLOAT32, values.length);
    for (float value : values) {
      put(keyValues, Float.floatToIntBits(value));
    }
    return this;
  }

  /// Another file's key with its value.
  public GgufWriter copy(GgufReader from, String key) {
    GgufReader.Value value = from.value(key);
    begin(key, value.type());
    ByteBuffer bytes = value.buffer();
    while (bytes.hasRemaining()) {
      keyValues.write(bytes.get());
    }
    return this;
  }

  /// A matrix; one row is a vector.
  ///
  /// @param width numbers of a row: the innermost dimension
  public GgufWriter tensor(String name, Format format, int width, int rows, RowSource source) {
    tensors.add(new Tensor(name, format, width, rows, source));
    return this;
  }

  /// A matrix of `F32`, filled row by row.
  public GgufWriter tensor(String name, int width, int rows, DoubleSupplier numbers) {
    return tensor(
        name,
        Format.F32,
        width,
        rows,
        (_, row) -> {
          while (row.hasRemaining()) {
            row.putFloat((float) numbers.getAsDouble());
          }
        });
  }

  /// Numbers in all tensors: what people call parameters.
  public long parameters() {
    return tensors.stream().mapToLong(tensor -> (long) tensor.width() * tensor.rows()).sum();
  }

  /// The size of the file.
  public long bytes() {
    return header().length + tensors.stream().mapToLong(tensor -> aligned(tensor.bytes())).sum();
  }

  /// Writes the file, whole or not at all.
  ///
  /// @throws IllegalStateException when a source does not fill a row
  public void write(Path file) throws IOException {
    Path target = file.toAbsolutePath();
    Files.createDirectories(target.getParent());
    Path aside =
        target.resolveSibling(target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
    try {
      try (OutputStream out =
          new BufferedOutputStream(Files.newOutputStream(aside), BUFFER_BYTES)) {
        out.write(header());
        for (Tensor tensor : tensors) {
          write(tensor, out);
        }
      }
      Files.move(
          aside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  private static void write(Tensor tensor, OutputStream out) throws IOException {
    ByteBuffer row = ByteBuffer.allocate(tensor.format().rowBytes(tensor.width()));
    row.order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < tensor.rows(); i++) {
      row.clear();
      tensor.source().fill(i, row);
      if (row.hasRemaining()) {
        throw new IllegalStateException(
            tensor.name() + ", row " + i + ": " + row.remaining() + " bytes are missing");
      }
      out.write(row.array());
    }
    out.write(new byte[Math.toIntExact(aligned(tensor.bytes()) - tensor.bytes())]);
  }

  /// All that stands before the data of the tensors.
  private byte[] header() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(MAGIC.getBytes(StandardCharsets.US_ASCII));
    put(out, VERSION);
    put(out, (long) tensors.size());
    put(out, (long) keys);
    out.writeBytes(keyValues.toByteArray());
    long offset = 0;
    for (Tensor tensor : tensors) {
      put(out, tensor.name());
      put(out, tensor.rows() == 1 ? 1 : 2);
      put(out, (long) tensor.width());
      if (tensor.rows() > 1) {
        put(out, (long) tensor.rows());
      }
      put(out, tensor.format().code);
      put(out, offset);
      offset += aligned(tensor.bytes());
    }
    out.writeBytes(new byte[Math.toIntExact(aligned(out.size()) - out.size())]);
    return out.toByteArray();
  }

  private static long aligned(long bytes) {
    return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
  }

  private void begin(String key, int type) {
    put(keyValues, key);
    put(keyValues, type);
    keys++;
  }

  private void beginArray(String key, int type, int size) {
    begin(key, ARRAY);
    put(keyValues, type);
    put(keyValues, (long) size);
  }

  private static void put(ByteArrayOutputStream out, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    put(out, (long) utf8.length);
    out.writeBytes(utf8);
  }

  private static void put(ByteArrayOutputStream out, int value) {
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      out.write(value >>> shift);
    }
  }

  private static void put(ByteArrayOutputStream out, long value) {
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      out.write((int) (value >>> shift));
    }
  }
}
