package dev.parley.worker.llama;

import java.nio.file.Path;
import java.util.Optional;

/// The pinned library and model for tests. A missing one is a failure, never a skip.
public final class TestModel {
  /// Two threads, as few as the smallest machine that builds this has.
  public static final int THREADS = 2;

  private TestModel() {}

  public static Path libraries() {
    return named("PARLEY_LIB_DIR");
  }

  public static Path file() {
    return named("PARLEY_TEST_MODEL");
  }

  private static Path named(String variable) {
    return Optional.ofNullable(System.getenv(variable)).map(Path::of).orElseThrow();
  }
}
