package dev.parley.worker.llama;

import dev.parley.shared.fetch.Assets;
import java.nio.file.Path;
import java.util.Optional;

/// The pinned library and model for tests: those that `PARLEY_LIB_DIR` and `PARLEY_TEST_MODEL` name, else
/// the ones that Parley fetches for itself. A missing one is a failure, never a skip.
public final class TestModel {
  /// One thread: a second would spin at every operation for a core that another process has.
  public static final int THREADS = 1;

  private static final String MODEL = "smollm2-135m";

  private TestModel() {}

  public static Path libraries() {
    return assets().libraries();
  }

  public static Path file() {
    return assets().model(variable("PARLEY_TEST_MODEL").orElse(MODEL));
  }

  /// `PARLEY_HOME`, where downloads and builds are kept.
  public static Path home() {
    return variable("PARLEY_HOME")
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache", "parley"));
  }

  private static Assets assets() {
    return new Assets(home(), variable("PARLEY_LIB_DIR").map(Path::of), System.err::println);
  }

  private static Optional<String> variable(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
  }
}
