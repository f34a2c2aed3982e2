package dev.parley.shared.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.shared.testing.GgufWriter.Format;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufWriterTest {
  @TempDir private Path directory;

  private static GgufWriter writer() {
    return new GgufWriter()
        .text("a.text", "näïve ☃")
        .number("a.number", 7)
        .real("a.real", 0.5f)
        .texts("some.texts", List.of("one", "", "three"))
        .ints("some.ints", 3, -1)
        .reals("some.reals", 1, 2);
  }

  private GgufReader read(GgufWriter writer) throws IOException {
    Path file = directory.resolve("model.gguf");
    writer.write(file);
    return GgufReader.read(file);
  }

  private static void assertAsWritten(GgufReader reader) {
    assertThat(reader.keys())
        .containsExactly("a.text", "a.number", "a.real", "some.texts", "some.ints", "some.reals");
    assertThat(reader.text("a.text")).isEqualTo("näïve ☃");
    assertThat(reader.number("a.number")).isEqualTo(7);
    assertThat(reader.texts("some.texts")).containsExactly("one", "", "three");
    assertThat(reader.ints("some.ints")).containsExactly(3, -1);
  }

  @Test
  void what_was_written_is_read_back() throws IOException {
    assertAsWritten(read(writer()));
  }

  @Test
  void a_copied_key_has_the_same_value() throws IOException {
    GgufReader first = read(writer());
    GgufWriter copy = new GgufWriter();
    first.keys().forEach(key -> copy.copy(first, key));

    assertAsWritten(read(copy));
  }

  @Test
  void a_key_that_is_not_there_or_of_another_type_is_named() throws IOException {
    GgufReader reader = read(writer());

    assertThatThrownBy(() -> reader.text("b")).hasMessage("the file has no b");
    assertThatThrownBy(() -> reader.text("a.number")).hasMessageContaining("a.number is of type 4");
    assertThatThrownBy(() -> reader.ints("some.texts")).hasMessageContaining("some.texts");
  }

  @Test
  void each_tensors_data_is_aligned_and_the_files_size_is_known_before() throws IOException {
    GgufWriter writer =
        writer()
            .tensor("vector", 3, 1, () -> 1.5)
            .tensor("blocks", Format.Q8_0, 64, 2, (i, row) -> row.put(blocks(row, i)));
    assertThat(writer.parameters()).isEqualTo(3 + 128);
    Path file = directory.resolve("new/model.gguf");
    writer.write(file);

    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int blocks = bytes.length - 160;
    assertThat(writer.bytes()).isEqualTo(bytes.length);
    assertThat(bytes.length % 32).isZero();
    assertThat(data.getFloat(blocks - 32)).isEqualTo(1.5f);
    assertThat(data.getFloat(blocks - 20)).isZero();
    assertThat(data.get(blocks)).isZero();
    assertThat(data.get(blocks + 68)).isEqualTo((byte) 1);
    assertThat(file.getParent()).isDirectoryContaining(path -> path.equals(file));
  }

  private static byte[] blocks(ByteBuffer row, int value) {
    byte[] blocks = new byte[row.remaining()];
    Arrays.fill(blocks, (byte) value);
    return blocks;
  }

  @Test
  void a_row_that_is_not_filled_leaves_no_file() {
    GgufWriter writer = new GgufWriter().tensor("empty", Format.F32, 8, 1, (_, _) -> {});

    assertThatThrownBy(() -> writer.write(directory.resolve("model.gguf")))
        .hasMessage("empty, row 0: 32 bytes are missing");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void a_row_that_ends_within_a_block_is_refused() {
    assertThatThrownBy(() -> new GgufWriter().tensor("odd", Format.Q8_0, 48, 1, (_, _) -> {}))
        .hasMessage("odd: no rows of 48 numbers can be Q8_0");
  }

  @Test
  void a_file_of_another_kind_is_refused() throws IOException {
    Path file = Files.writeString(directory.resolve("text.gguf"), "not a model at all");

    assertThatThrownBy(() -> GgufReader.read(file)).hasMessageContaining("not a GGUF file");
  }
}
