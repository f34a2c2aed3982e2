package dev.parley.shared.config;

import java.io.Serial;
import java.util.List;

/// The configuration is not usable. The message is meant for the person who started the program:
/// one problem a line, each saying what to do.
public final class ConfigException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  public ConfigException(String problem) {
    super(problem);
  }

  public ConfigException(String problem, Throwable cause) {
    super(problem, cause);
  }

  ConfigException(List<String> problems) {
    this(String.join("\n", problems));
  }
}
