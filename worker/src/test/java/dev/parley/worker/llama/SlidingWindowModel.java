package dev.parley.worker.llama;

import dev.parley.shared.testing.GgufWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/// A Gemma 3 of two megabytes with random weights, written as a GGUF file: five of its six layers see
/// no further back than 32 tokens. What it says has no sense, but every token of it depends on
/// what each layer can see. Its vocabulary is the bytes.
public final class SlidingWindowModel {
  /// Tokens that a sliding layer sees, its own included.
  private static final int WINDOW = 32;

  private static final int LAYERS = 6;
  private static final int WIDTH = 64;
  private static final int HEADS = 2;
  private static final int HEAD_WIDTH = 32;
  private static final int INNER_WIDTH = 128;
  private static final int BYTES = 256;

  private static final int CONTROL_TOKEN = 3;
  private static final int UNKNOWN_TOKEN = 2;
  private static final int BYTE_TOKEN = 6;

  private final GgufWriter file = new GgufWriter();
  private final Random random = new Random(20261128);

  private SlidingWindowModel() {}

  /// The file that `-Dparley.sliding` names, else this one.
  public static Path orNamed(Path directory) {
    String named = System.getProperty("parley.sliding");
    return named == null ? write(directory) : Path.of(named);
  }

  /// Writes the file, always the same.
  static Path write(Path directory) {
    SlidingWindowModel model = new SlidingWindowModel();
    model.addSettings();
    model.addVocabulary();
    model.addTensors();
    Path path = directory.resolve("sliding.gguf");
    try {
      model.file.write(path);
      return path;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void addSettings() {
    file.text("general.architecture", "gemma3")
        .number("gemma3.context_length", 2048)
        .number("gemma3.embedding_length", WIDTH)
        .number("gemma3.block_count", LAYERS)
        .number("gemma3.feed_forward_length", INNER_WIDTH)
        .number("gemma3.attention.head_count", HEADS)
        .number("gemma3.attention.head_count_kv", 1)
        .number("gemma3.attention.key_length", HEAD_WIDTH)
        .number("gemma3.attention.value_length", HEAD_WIDTH)
        .number("gemma3.attention.sliding_window", WINDOW)
        .real("gemma3.attention.layer_norm_rms_epsilon", 1e-6f);
  }

  private void addVocabulary() {
    List<String> tokens = vocabulary();
    file.text("tokenizer.ggml.model", "llama")
        .texts("tokenizer.ggml.tokens", tokens)
        .reals("tokenizer.ggml.scores", new float[tokens.size()])
        .ints("tokenizer.ggml.token_type", types(tokens.size()))
        .number("tokenizer.ggml.bos_token_id", 1)
        .number("tokenizer.ggml.eos_token_id", 2);
  }

  private static List<String> vocabulary() {
    List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    IntStream.range(0, BYTES).forEach(b -> tokens.add("<0x%02X>".formatted(b)));
    return tokens;
  }

  private static int[] types(int tokens) {
    return IntStream.range(0, tokens)
        .map(i -> i == 0 ? UNKNOWN_TOKEN : i < 3 ? CONTROL_TOKEN : BYTE_TOKEN)
        .toArray();
  }

  private void addTensors() {
    int vocabulary = vocabulary().size();
    double even = 1 / Math.sqrt(WIDTH);
    add("token_embd", even, WIDTH, vocabulary);
    add("output", 3 * even, WIDTH, vocabulary);
    addOnes("output_norm", WIDTH);
    for (int layer = 0; layer < LAYERS; layer++) {
      String block = "blk." + layer + ".";
      addOnes(block + "attn_norm", WIDTH);
      add(block + "attn_q", even, WIDTH, HEADS * HEAD_WIDTH);
      add(block + "attn_k", even, WIDTH, HEAD_WIDTH);
      add(block + "attn_v", even, WIDTH, HEAD_WIDTH);
      add(block + "attn_output", even, HEADS * HEAD_WIDTH, WIDTH);
      addOnes(block + "attn_q_norm", HEAD_WIDTH);
      addOnes(block + "attn_k_norm", HEAD_WIDTH);
      addOnes(block + "post_attention_norm", WIDTH);
      addOnes(block + "ffn_norm", WIDTH);
      add(block + "ffn_gate", even, WIDTH, INNER_WIDTH);
      add(block + "ffn_up", even, WIDTH, INNER_WIDTH);
      add(block + "ffn_down", even, INNER_WIDTH, WIDTH);
      addOnes(block + "post_ffw_norm", WIDTH);
    }
  }

  /// @param deviation of its weights from zero, the standard one
  private void add(String name, double deviation, int width, int rows) {
    file.tensor(name + ".weight", width, rows, () -> deviation * random.nextGaussian());
  }

  private void addOnes(String name, int width) {
    file.tensor(name + ".weight", width, 1, () -> 1);
  }
}
