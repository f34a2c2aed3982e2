package dev.parley.shared.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// The effective configuration: immutable, complete, every value parsed.
///
/// A value comes from the first of: a command-line option, the environment (`NAME`, or `NAME_FILE`
/// for a secret), `parley.yaml`, the declared default. A name that begins with `PARLEY_` (in the
/// environment) or any key (in the file) that is not declared is refused, so that a typing error
/// never silently means the default.
public final class Config {
  private static final String PREFIX = "PARLEY_";
  private static final int MAX_SECRET_BYTES = 64 * 1024;

  private final Map<Setting<?>, Value> values;

  private Config(Map<Setting<?>, Value> values) {
    this.values = values;
  }

  /// A value, its text and where it comes from.
  private record Value(Object parsed, String text, String source) {}

  /// Reads this process's environment and the configuration file.
  public static Config load() {
    return load(System.getenv(), Map.of());
  }

  /// Reads a given environment, under what the command line says.
  ///
  /// @param environment names to values; names outside `PARLEY_` that no setting declares are not
  ///   ours and ignored
  /// @param options what the command line says, by setting: wins over everything
  /// @throws ConfigException naming every problem at once
  public static Config load(Map<String, String> environment, Map<Setting<?>, String> options) {
    var file =
        ConfigFile.read(
            Path.of(environment.getOrDefault(Settings.CONFIG_FILE.name(), "parley.yaml")),
            environment.containsKey(Settings.CONFIG_FILE.name()));
    var problems = new ArrayList<String>();
    refuseUnknown(environment, file, problems);
    var values = new LinkedHashMap<Setting<?>, Value>();
    for (var setting : Settings.all()) {
      try {
        resolve(setting, environment, file, options).ifPresent(value -> values.put(setting, value));
      } catch (ConfigException e) {
        problems.add(String.valueOf(e.getMessage()));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return new Config(values);
  }

  /// The value of a setting that has a default or must be set.
  ///
  /// @throws ConfigException when it is not set
  public <T> T get(Setting<T> setting) {
    return find(setting)
        .orElseThrow(() ->
            new ConfigException(
                setting.name() + " is not set (" + setting.unit() + "): " + setting.doc()));
  }

  /// The value of a setting, if it is set or has a default.
  // A value was parsed by the kind of the setting that is its key.
  @SuppressWarnings("unchecked")
  public <T> Optional<T> find(Setting<T> setting) {
    return Optional.ofNullable(values.get(setting)).map(value -> (T) value.parsed());
  }

  /// Whether somebody set it, rather than its default.
  public boolean isSet(Setting<?> setting) {
    var value = values.get(setting);
    return value != null && !value.source().equals("default");
  }

  /// The environment that gives a child process this configuration, secrets included.
  public Map<String, String> asEnvironment() {
    var environment = new HashMap<String, String>();
    values.forEach((setting, value) -> {
      if (isSet(setting)) {
        environment.put(setting.name(), value.text());
      }
    });
    return environment;
  }

  /// One line a setting that somebody set, secrets as `***`: what is logged at start.
  public List<String> describe() {
    return describe(this::isSet);
  }

  /// One line for every setting with a value, secrets as `***`.
  public List<String> describeAll() {
    return describe(setting -> true);
  }

  private List<String> describe(Predicate<Setting<?>> wanted) {
    var lines = new ArrayList<String>();
    values.forEach((setting, value) -> {
      if (wanted.test(setting)) {
        var shown = setting.secret() ? "***" : withoutPassword(value.text());
        lines.add(setting.name() + " = " + shown + " (" + value.source() + ")");
      }
    });
    return List.copyOf(lines);
  }

  /// Redis URLs may hold a password between `//` and `@`.
  private static String withoutPassword(String text) {
    return text.replaceAll("//[^/@,]*@", "//***@");
  }

  private static Optional<Value> resolve(
      Setting<?> setting,
      Map<String, String> environment,
      Map<String, String> file,
      Map<Setting<?>, String> options) {
    if (options.containsKey(setting)) {
      return parsed(setting, options.get(setting), "option");
    }
    var direct = Optional.ofNullable(environment.get(setting.name())).filter(Config::says);
    var secretFile =
        Optional.ofNullable(environment.get(setting.fileName()))
            .filter(path -> setting.secret() && says(path));
    if (direct.isPresent() && secretFile.isPresent()) {
      throw new ConfigException(
          setting.name() + " and " + setting.fileName() + " are both set: keep one.");
    }
    if (secretFile.isPresent()) {
      return parsed(setting, contents(setting, secretFile.get()), setting.fileName());
    }
    if (direct.isPresent()) {
      return parsed(setting, direct.get(), "environment");
    }
    if (file.containsKey(setting.yamlKey())) {
      return parsed(setting, file.get(setting.yamlKey()), "parley.yaml");
    }
    return setting.defaultText().flatMap(text -> parsed(setting, text, "default"));
  }

  /// An empty variable is a variable that is not set: compose files and unit files write them so.
  private static boolean says(String text) {
    return !text.isBlank();
  }

  private static Optional<Value> parsed(Setting<?> setting, String text, String source) {
    try {
      return Optional.of(new Value(setting.kind().parse(text.strip()), text.strip(), source));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(setting.name() + " (" + source + ") " + e.getMessage(), e);
    }
  }

  private static String contents(Setting<?> setting, String path) {
    try {
      if (Files.size(Path.of(path)) > MAX_SECRET_BYTES) {
        throw new ConfigException(setting.fileName() + " is larger than 64 KiB: " + path);
      }
      return Files.readString(Path.of(path)).strip();
    } catch (IOException e) {
      throw new ConfigException(
          setting.fileName() + " names a file that cannot be read: " + path, e);
    }
  }

  private static void refuseUnknown(
      Map<String, String> environment, Map<String, String> file, List<String> problems) {
    var names = new ArrayList<String>();
    var keys = new ArrayList<String>();
    for (var setting : Settings.all()) {
      names.add(setting.name());
      keys.add(setting.yamlKey());
      if (setting.secret()) {
        names.add(setting.fileName());
      }
    }
    environment.keySet().stream()
        .filter(name -> name.toUpperCase(Locale.ROOT).startsWith(PREFIX) && !names.contains(name))
        .sorted()
        .map(name -> name + " is not a setting." + Suggestion.sentence(name, names))
        .forEach(problems::add);
    file.keySet().stream()
        .filter(key -> !keys.contains(key))
        .map(key -> key + " in parley.yaml is not a setting." + Suggestion.sentence(key, keys))
        .forEach(problems::add);
  }
}
