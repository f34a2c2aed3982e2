package dev.parley.worker.llama;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/// A Gemma 3 of two megabytes with random weights, written as a GGUF file (version 3): five of its six layers see
/// no further back than [#WINDOW] tokens. What it says has no sense, but every token of it depends on
/// what each layer can see. Its vocabulary is the bytes.
public final class SlidingWindowModel {
  /// Tokens that a sliding layer sees, its own included.
  public static final int WINDOW = 32;

  private static final int LAYERS = 6;
  private static final int WIDTH = 64;
  private static final int HEADS = 2;
  private static final int HEAD_WIDTH = 32;
  private static final int INNER_WIDTH = 128;
  private static final int BYTES = 256;
  private static final int ALIGNMENT = 32;

  private static final int UINT32 = 4;
  private static final int INT32 = 5;
  private static final int FLOAT32 = 6;
  private static final int STRING = 8;
  private static final int ARRAY = 9;

  private static final int CONTROL_TOKEN = 3;
  private static final int UNKNOWN_TOKEN = 2;
  private static final int BYTE_TOKEN = 6;

  /// @param shape dimensions, the innermost first
  /// @param scale standard deviation of its weights; 0 for ones
  private record Tensor(String name, List<Integer> shape, double scale) {
    int size() {
      return shape.stream().reduce(1, Math::multiplyExact);
    }
  }

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);
  private final List<Tensor> tensors = new ArrayList<>();

  private SlidingWindowModel() {}

  /// Writes the file, always the same.
  public static Path write(Path directory) {
    try {
      return Files.write(directory.resolve("sliding.gguf"), new SlidingWindowModel().file());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] file() throws IOException {
    addTensors();
    out.writeBytes("GGUF");
    writeInt(3);
    writeLong(tensors.size());
    writeLong(17);
    writeText("general.architecture", "gemma3");
    writeNumber("gemma3.context_length", 2048);
    writeNumber("gemma3.embedding_length", WIDTH);
    writeNumber("gemma3.block_count", LAYERS);
    writeNumber("gemma3.feed_forward_length", INNER_WIDTH);
    writeNumber("gemma3.attention.head_count", HEADS);
    writeNumber("gemma3.attention.head_count_kv", 1);
    writeNumber("gemma3.attention.key_length", HEAD_WIDTH);
    writeNumber("gemma3.attention.value_length", HEAD_WIDTH);
    writeNumber("gemma3.attention.sliding_window", WINDOW);
    writeKey("gemma3.attention.layer_norm_rms_epsilon", FLOAT32);
    writeInt(Float.floatToIntBits(1e-6f));
    writeVocabulary();
    writeTensors();
    return bytes.toByteArray();
  }

  private void addTensors() {
    int vocabulary = vocabulary().size();
    double even = 1 / Math.sqrt(WIDTH);
    add("token_embd", even, WIDTH, vocabulary);
    add("output", 3 * even, WIDTH, vocabulary);
    add("output_norm", 0, WIDTH);
    for (int layer = 0; layer < LAYERS; layer++) {
      String block = "blk." + layer + ".";
      add(block + "attn_norm", 0, WIDTH);
      add(block + "attn_q", even, WIDTH, HEADS * HEAD_WIDTH);
      add(block + "attn_k", even, WIDTH, HEAD_WIDTH);
      add(block + "attn_v", even, WIDTH, HEAD_WIDTH);
      add(block + "attn_output", even, HEADS * HEAD_WIDTH, WIDTH);
      add(block + "attn_q_norm", 0, HEAD_WIDTH);
      add(block + "attn_k_norm", 0, HEAD_WIDTH);
      add(block + "post_attention_norm", 0, WIDTH);
      add(block + "ffn_norm", 0, WIDTH);
      add(block + "ffn_gate", even, WIDTH, INNER_WIDTH);
      add(block + "ffn_up", even, WIDTH, INNER_WIDTH);
      add(block + "ffn_down", even, INNER_WIDTH, WIDTH);
      add(block + "post_ffw_norm", 0, WIDTH);
    }
  }

  private void add(String name, double scale, Integer... shape) {
    tensors.add(new Tensor(name + ".weight", List.of(shape), scale));
  }

  private static List<String> vocabulary() {
    List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    IntStream.range(0, BYTES).forEach(b -> tokens.add("<0x%02X>".formatted(b)));
    return tokens;
  }

  private void writeVocabulary() throws IOException {
    List<String> tokens = vocabulary();
    writeText("tokenizer.ggml.model", "llama");
    writeArray("tokenizer.ggml.tokens", STRING, tokens.size());
    for (String token : tokens) {
      writeString(token);
    }
    writeArray("tokenizer.ggml.scores", FLOAT32, tokens.size());
    for (int i = 0; i < tokens.size(); i++) {
      writeInt(0);
    }
    writeArray("tokenizer.ggml.token_type", INT32, tokens.size());
    for (int i = 0; i < tokens.size(); i++) {
      writeInt(i == 0 ? UNKNOWN_TOKEN : i < 3 ? CONTROL_TOKEN : BYTE_TOKEN);
    }
    writeNumber("tokenizer.ggml.bos_token_id", 1);
    writeNumber("tokenizer.ggml.eos_token_id", 2);
  }

  private void writeTensors() throws IOException {
    long offset = 0;
    for (Tensor tensor : tensors) {
      writeString(tensor.name());
      writeInt(tensor.shape().size());
      for (int width : tensor.shape()) {
        writeLong(width);
      }
      writeInt(0);
      writeLong(offset);
      // Every size here is a multiple of the alignment.
      offset += (long) tensor.size() * Float.BYTES;
    }
    while (bytes.size() % ALIGNMENT != 0) {
      out.writeByte(0);
    }
    Random random = new Random(20261128);
    for (Tensor tensor : tensors) {
      for (int i = 0; i < tensor.size(); i++) {
        double value = tensor.scale() == 0 ? 1 : tensor.scale() * random.nextGaussian();
        writeInt(Float.floatToIntBits((float) value));
      }
    }
  }

  private void writeNumber(String key, int value) throws IOException {
    writeKey(key, UINT32);
    writeInt(value);
  }

  private void writeText(String key, String value) throws IOException {
    writeKey(key, STRING);
    writeString(value);
  }

  private void writeArray(String key, int type, int size) throws IOException {
    writeKey(key, ARRAY);
    writeInt(type);
    writeLong(size);
  }

  private void writeKey(String key, int type) throws IOException {
    writeString(key);
    writeInt(type);
  }

  private void writeString(String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    writeLong(utf8.length);
    out.write(utf8);
  }

  /// Little-endian.
  private void writeInt(int value) throws IOException {
    out.writeInt(Integer.reverseBytes(value));
  }

  private void writeLong(long value) throws IOException {
    out.writeLong(Long.reverseBytes(value));
  }
}
