package dev.parley.gateway.conversation;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.shared.wire.Presets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Something the model can be asked to be, under a name: a system prompt and what goes with it.
///
/// @param name what people write, lower case
/// @param title by language
/// @param about one line that says what it does, by language
/// @param instructions the system prompt
/// @param preset one of [Presets#NAMES], or empty
/// @param history whether it sees what was said before
public record Skill(
    String name,
    Map<String, String> title,
    Map<String, String> about,
    String instructions,
    String preset,
    boolean history) {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");

  private static final String EVERYBODYS = Locale.ENGLISH.getLanguage();

  /// As a file has it, where most may be absent.
  record Written(
      @Nullable Map<String, String> title,
      @Nullable Map<String, String> about,
      @JsonProperty(required = true) String instructions,
      @Nullable String preset,
      @Nullable Boolean history) {

    Skill named(String name) {
      if (lacksText(title) || lacksText(about)) {
        throw new IllegalArgumentException(
            "the skill " + name + " has a text without words; one with commas needs quotes");
      }
      return new Skill(
          name,
          Objects.requireNonNullElse(title, Map.of()),
          Objects.requireNonNullElse(about, Map.of()),
          instructions,
          Objects.requireNonNullElse(preset, ""),
          Objects.requireNonNullElse(history, true));
    }

    private static boolean lacksText(@Nullable Map<String, String> texts) {
      return texts != null && texts.containsValue(null);
    }
  }

  public Skill {
    title = Map.copyOf(title);
    about = Map.copyOf(about);
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("a skill is named by a-z, 0-9 and -, not " + name);
    }
    if (instructions.isBlank()) {
      throw new IllegalArgumentException("the skill " + name + " has no instructions");
    }
    if (!preset.isEmpty() && !Presets.NAMES.contains(preset)) {
      throw new IllegalArgumentException(
          "the skill %s has the preset %s, which is none of %s"
              .formatted(name, preset, Presets.NAMES));
    }
  }

  /// Its title for a reader of a language; the name where there is none.
  public String title(Locale language) {
    return in(language, title, name);
  }

  /// What it does, for a reader of a language; may be empty.
  public String about(Locale language) {
    return in(language, about, "");
  }

  private static String in(Locale language, Map<String, String> texts, String otherwise) {
    return texts.getOrDefault(language.getLanguage(), texts.getOrDefault(EVERYBODYS, otherwise));
  }
}
