package dev.parley.shared.config;

import java.net.URI;
import java.util.Optional;

/// The server that answers, if `PARLEY_ENGINE` names one.
public final class EngineUrl {
  private EngineUrl() {}

  /// Empty when the engine is in the worker.
  public static Optional<URI> of(Config config) {
    String engine = config.get(Settings.ENGINE);
    return engine.contains("://") ? Optional.of(URI.create(engine)) : Optional.empty();
  }
}
