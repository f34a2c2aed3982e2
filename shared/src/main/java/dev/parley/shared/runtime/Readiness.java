package dev.parley.shared.runtime;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/// Named checks that say whether this process can do its work now, and if not, what is missing.
///
/// A check must not block: the part that it speaks of keeps its own state up to date.
public final class Readiness {
  private final Map<String, Supplier<Optional<String>>> checks = new ConcurrentSkipListMap<>();

  /// Adds a check.
  ///
  /// @param name what it speaks of: `kafka`, `redis`, `engine`
  /// @param missing empty when all is well, else one line that says what to do
  public void add(String name, Supplier<Optional<String>> missing) {
    if (checks.putIfAbsent(name, missing) != null) {
      throw new IllegalArgumentException("a check named " + name + " is there already");
    }
  }

  /// What is missing, one line each, named; empty means ready.
  public List<String> missing() {
    return checks.entrySet().stream()
        .flatMap(check -> check.getValue().get().map(line -> check.getKey() + ": " + line).stream())
        .toList();
  }
}
