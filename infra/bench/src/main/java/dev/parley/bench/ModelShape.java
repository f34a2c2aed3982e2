package dev.parley.bench;

import dev.parley.standalone.StartException;
import java.util.List;
import java.util.stream.Collectors;

/// The dimensions of a model of architecture `llama`.
///
/// @param width of the hidden state
/// @param heads of the queries, which share the width evenly
/// @param kvHeads of keys and values
/// @param innerWidth of the feed-forward network
/// @param vocabulary tokens
/// @param contextTokens that its positions are made for
/// @param ropeBase of the rotary positions' frequencies
record ModelShape(
    String name,
    int layers,
    int width,
    int heads,
    int kvHeads,
    int innerWidth,
    int vocabulary,
    int contextTokens,
    float ropeBase) {
  /// Of a few megabytes, to try things with.
  static final ModelShape TINY = new ModelShape("tiny", 2, 64, 2, 1, 128, 49_664, 2_048, 10_000);

  /// Source: `config.json` of Llama-3.1-8B. Its factors for long contexts are left out: they take no time.
  static final ModelShape LLAMA_8B =
      new ModelShape("llama-8b", 32, 4_096, 32, 8, 14_336, 128_256, 131_072, 500_000);

  private static final List<ModelShape> ALL = List.of(TINY, LLAMA_8B);

  ModelShape {
    if (layers <= 0 || kvHeads <= 0 || heads % kvHeads != 0 || width % heads != 0) {
      throw new IllegalArgumentException(
          name + ": the heads share the width evenly, and those of keys and values divide them");
    }
  }

  /// Of one head.
  int headWidth() {
    return width / heads;
  }

  /// @throws StartException when there is none of this name
  static ModelShape named(String name) {
    return ALL.stream()
        .filter(shape -> shape.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new StartException(
                "There is no shape "
                    + name
                    + "; known: "
                    + ALL.stream().map(ModelShape::name).collect(Collectors.joining(", "))));
  }
}
