package dev.parley.bench;

import dev.parley.shared.testing.GgufReader;
import dev.parley.shared.testing.GgufWriter;
import dev.parley.shared.testing.GgufWriter.Format;
import dev.parley.shared.testing.GgufWriter.RowSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/// A model of a wanted shape with random weights of 8 bits: it takes the time and the memory of a real one, and what
/// it says has no sense. Always the same for a seed.
///
/// The tokenizer and the chat template are another model's, so that prompts have the same tokens on both; tokens that
/// the shape has beyond that vocabulary are there for their weight, and no text has them. Answers are words of that
/// vocabulary, one token each, and never end by themselves: the output rows of all other tokens are zeros, and the
/// best of thousands of random logits is above zero.
final class SyntheticModel {
  private static final int MOSTLY_Q8_0 = 7;
  private static final int QUANTIZATION_VERSION = 2;
  private static final float EPSILON = 1e-5f;

  private static final String TOKENS = "tokenizer.ggml.tokens";
  private static final String TOKEN_TYPES = "tokenizer.ggml.token_type";
  private static final int NORMAL_TOKEN = 1;
  private static final int UNUSED_TOKEN = 5;

  /// As byte-pair vocabularies write a word with the space before it.
  private static final Pattern WORD = Pattern.compile("Ġ[a-z]+");

  private static final int BLOCK_NUMBERS = 32;
  private static final int BLOCK_BYTES = Short.BYTES + BLOCK_NUMBERS;

  /// Standard deviation of the bytes, which are spread evenly between -127 and 127.
  private static final double BYTE_DEVIATION = 127 / Math.sqrt(3);

  private final ModelShape shape;
  private final List<String> tokens;
  private final int[] types;
  private final SplittableRandom random;
  private final GgufWriter file = new GgufWriter();

  private SyntheticModel(ModelShape shape, GgufReader tokenizer, long seed) {
    this.shape = shape;
    this.tokens = new ArrayList<>(tokenizer.texts(TOKENS));
    int known = tokens.size();
    if (known > shape.vocabulary()) {
      throw new IllegalArgumentException(
          "the tokenizer has "
              + known
              + " tokens, "
              + shape.name()
              + " only "
              + shape.vocabulary());
    }
    this.types = Arrays.copyOf(tokenizer.ints(TOKEN_TYPES), shape.vocabulary());
    Arrays.fill(types, known, types.length, UNUSED_TOKEN);
    for (int i = known; i < types.length; i++) {
      tokens.add("<|unused_" + i + "|>");
    }
    this.random = new SplittableRandom(seed);
  }

  /// The file, to be written once.
  ///
  /// @param tokenizer a GGUF model whose byte-pair vocabulary and chat template it takes
  static GgufWriter of(ModelShape shape, Path tokenizer, long seed) throws IOException {
    GgufReader other = GgufReader.read(tokenizer);
    SyntheticModel model = new SyntheticModel(shape, other, seed);
    model.addSettings();
    model.addTokenizer(other);
    model.addTensors();
    return model.file;
  }

  private void addSettings() {
    file.text("general.architecture", "llama")
        .text("general.name", "synthetic " + shape.name())
        .number("general.file_type", MOSTLY_Q8_0)
        .number("general.quantization_version", QUANTIZATION_VERSION)
        .number("llama.block_count", shape.layers())
        .number("llama.context_length", shape.contextTokens())
        .number("llama.embedding_length", shape.width())
        .number("llama.feed_forward_length", shape.innerWidth())
        .number("llama.attention.head_count", shape.heads())
        .number("llama.attention.head_count_kv", shape.kvHeads())
        .real("llama.attention.layer_norm_rms_epsilon", EPSILON)
        .number("llama.rope.dimension_count", shape.headWidth())
        .real("llama.rope.freq_base", shape.ropeBase())
        .number("llama.vocab_size", shape.vocabulary());
  }

  private void addTokenizer(GgufReader other) {
    file.texts(TOKENS, tokens).ints(TOKEN_TYPES, types);
    other.keys().stream()
        .filter(key -> key.startsWith("tokenizer."))
        .filter(key -> !key.equals(TOKENS) && !key.equals(TOKEN_TYPES))
        .forEach(key -> file.copy(other, key));
  }

  private void addTensors() {
    int width = shape.width();
    int kvWidth = shape.kvHeads() * shape.headWidth();
    file.tensor(
        "token_embd.weight", Format.Q8_0, width, shape.vocabulary(), rows(width, 1, _ -> true));
    addOnes("output_norm", width);
    file.tensor(
        "output.weight",
        Format.Q8_0,
        width,
        shape.vocabulary(),
        rows(width, deviation(width), this::isAnswer));
    for (int layer = 0; layer < shape.layers(); layer++) {
      String block = "blk." + layer + ".";
      addOnes(block + "attn_norm", width);
      add(block + "attn_q", width, width);
      add(block + "attn_k", width, kvWidth);
      add(block + "attn_v", width, kvWidth);
      add(block + "attn_output", width, width);
      addOnes(block + "ffn_norm", width);
      add(block + "ffn_gate", width, shape.innerWidth());
      add(block + "ffn_up", width, shape.innerWidth());
      add(block + "ffn_down", shape.innerWidth(), width);
    }
  }

  private boolean isAnswer(int token) {
    return types[token] == NORMAL_TOKEN && WORD.matcher(tokens.get(token)).matches();
  }

  private void add(String name, int width, int rows) {
    file.tensor(
        name + ".weight", Format.Q8_0, width, rows, rows(width, deviation(width), _ -> true));
  }

  private void addOnes(String name, int width) {
    file.tensor(name + ".weight", width, 1, () -> 1);
  }

  /// Of weights by which numbers stay as large as they were.
  private static double deviation(int width) {
    return 1 / Math.sqrt(width);
  }

  /// Rows of `Q8_0`.
  ///
  /// @param deviation of the weights from zero, the standard one
  /// @param filled which rows are not zeros
  private RowSource rows(int width, double deviation, IntPredicate filled) {
    SplittableRandom own = random.split();
    short scale = Float.floatToFloat16((float) (deviation / BYTE_DEVIATION));
    byte[] bytes = new byte[width / BLOCK_NUMBERS * BLOCK_BYTES];
    return (index, row) -> {
      own.nextBytes(bytes);
      fill(row, bytes, filled.test(index) ? scale : 0);
    };
  }

  private static void fill(ByteBuffer row, byte[] bytes, short scale) {
    for (int i = 0; i < bytes.length; i++) {
      // Whoever quantizes makes no -128, and kernels need not be good for it.
      bytes[i] = (byte) Math.max(bytes[i], -Byte.MAX_VALUE);
    }
    row.put(bytes);
    for (int block = 0; block < bytes.length; block += BLOCK_BYTES) {
      row.putShort(block, scale);
    }
  }
}
