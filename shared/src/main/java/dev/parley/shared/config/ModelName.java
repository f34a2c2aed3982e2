package dev.parley.shared.config;

import java.nio.file.Path;

/// The model's name for people, clients and metrics, known before anything is loaded.
public final class ModelName {
  private static final String GGUF = ".gguf";

  private ModelName() {}

  /// A model file goes by its name without directory and ending, another's model by the name that it is asked
  /// for, or `remote`.
  public static String of(Config config) {
    if (EngineUrl.of(config).isPresent()) {
      return config.find(Settings.REMOTE_MODEL).orElse("remote");
    }
    if (config.get(Settings.ENGINE).equals("fake")) {
      return "fake";
    }
    String file = Path.of(config.get(Settings.MODEL)).getFileName().toString();
    return file.endsWith(GGUF) ? file.substring(0, file.length() - GGUF.length()) : file;
  }
}
