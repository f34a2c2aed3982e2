package dev.parley.shared.config;

import java.util.Locale;
import java.util.Optional;

/// One declared setting; [Settings] holds them all.
///
/// @param name the environment variable; the key in `parley.yaml` is the same name in kebab-case
/// @param unit what the value counts, or its form
/// @param defaultText the value when nothing is set; empty when there is none
/// @param doc one sentence for README and `parley doctor`
/// @param kind range and parser
/// @param secret printed as `***`, and also read from the file that `NAME_FILE` names
public record Setting<T>(
    String name,
    String unit,
    Optional<String> defaultText,
    String doc,
    SettingKind<T> kind,
    boolean secret) {

  public Setting {
    if (!name.matches("[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")) {
      throw new IllegalArgumentException("not an environment variable's name: " + name);
    }
    if (doc.isBlank() || unit.isBlank()) {
      throw new IllegalArgumentException(name + " needs a doc and a unit");
    }
    defaultText.ifPresent(kind::parse);
  }

  /// The key in `parley.yaml`.
  public String yamlKey() {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// What is allowed, for people.
  public String range() {
    return kind.range();
  }

  String fileName() {
    return name + "_FILE";
  }
}
