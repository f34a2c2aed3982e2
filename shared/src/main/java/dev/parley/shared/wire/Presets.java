package dev.parley.shared.wire;

import java.util.List;
import java.util.Optional;

/// Ways to draw under a name, for people who do not want to know what top-p is. Their length, seed and stop
/// strings mean nothing: [#named] takes those from elsewhere.
///
/// @param precise says the probable; for facts, code, summaries
/// @param balanced for talk
/// @param creative leaves the beaten track and does not repeat itself; for stories and ideas
public record Presets(Sampling precise, Sampling balanced, Sampling creative) {
  public static final Presets DEFAULT =
      new Presets(
          new Sampling(1, 0.2, 0.9, 40, 0.1, 0, List.of()),
          new Sampling(1, 0.7, 0.95, 40, 0.05, 0, List.of()),
          new Sampling(1, 1.1, 1, 100, 0.05, 0, List.of())
              .change()
              .dry(new Dry(0.8, Dry.NONE.base(), Dry.NONE.allowedLength(), -1, Dry.NONE.breakers()))
              .build());

  public static final List<String> NAMES = List.of("precise", "balanced", "creative");

  /// The preset of that name over what a server has for everybody.
  ///
  /// @param defaults whose length, seed, stop strings, logprobs and response format stay
  public Optional<Sampling> named(String name, Sampling defaults) {
    return switch (name) {
      case "precise" -> Optional.of(over(precise, defaults));
      case "balanced" -> Optional.of(over(balanced, defaults));
      case "creative" -> Optional.of(over(creative, defaults));
      default -> Optional.empty();
    };
  }

  private static Sampling over(Sampling preset, Sampling defaults) {
    return preset
        .change()
        .maxTokens(defaults.maxTokens())
        .seed(defaults.seed())
        .stop(defaults.stop())
        .logprobs(defaults.logprobs())
        .format(defaults.format())
        .build();
  }
}
