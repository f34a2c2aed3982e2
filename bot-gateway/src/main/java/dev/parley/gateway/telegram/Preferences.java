package dev.parley.gateway.telegram;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.parley.shared.wire.Presets;
import dev.parley.shared.wire.Sampling;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// How the bot answers in one chat or topic, as those who are in it have set it. Empty: as it is for everybody.
///
/// @param preset one of [Presets#NAMES]
/// @param length `short` or `medium`
/// @param language of the bot's own words, one of [Words#LANGUAGES]
/// @param skill name of the one that messages are answered with
@JsonIgnoreProperties(ignoreUnknown = true)
record Preferences(String preset, String length, String language, String skill) {

  static final Preferences NONE = new Preferences("", "", "", "");

  Preferences {
    // Of what was kept before there were skills.
    skill = Objects.requireNonNullElse(skill, "");
  }

  /// Shares of the longest answer.
  private static final Map<String, Double> LENGTHS = Map.of("short", 0.25, "medium", 0.5);

  /// What can be set, and to what.
  static final Map<String, List<String>> CHOICES =
      Map.of(
          "preset", List.of("", "precise", "balanced", "creative"),
          "length", List.of("short", "medium", ""),
          "language", List.of("", "en", "ru"));

  String of(String name) {
    return switch (name) {
      case "preset" -> preset;
      case "length" -> length;
      case "language" -> language;
      default -> throw new IllegalArgumentException("nothing is set by the name " + name);
    };
  }

  /// The same with another value, if it is one that can be set.
  Optional<Preferences> with(String name, String value) {
    if (!CHOICES.getOrDefault(name, List.of()).contains(value)) {
      return Optional.empty();
    }
    return Optional.of(
        switch (name) {
          case "preset" -> new Preferences(value, length, language, skill);
          case "length" -> new Preferences(preset, value, language, skill);
          default -> new Preferences(preset, length, value, skill);
        });
  }

  Preferences withSkill(String name) {
    return new Preferences(preset, length, language, name);
  }

  /// How an answer is drawn.
  ///
  /// @param otherPreset of the skill, where the chat has set none
  Sampling over(Sampling everybodys, String otherPreset) {
    Sampling drawn =
        Presets.DEFAULT
            .named(preset.isEmpty() ? otherPreset : preset, everybodys)
            .orElse(everybodys);
    int most = (int) Math.ceil(everybodys.maxTokens() * LENGTHS.getOrDefault(length, 1.0));
    return drawn.change().maxTokens(most).build();
  }

  /// The language of the bot's words to somebody whose Telegram is in `theirs`.
  Locale speaking(Locale theirs) {
    return language.isEmpty() ? theirs : Locale.of(language);
  }
}
