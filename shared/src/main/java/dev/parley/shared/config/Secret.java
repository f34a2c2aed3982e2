package dev.parley.shared.config;

/// A value that never shows in a log, an error or a debugger's view: `toString` is `***`.
///
/// @param reveal the secret itself, for the one place that sends or compares it
public record Secret(String reveal) {
  public Secret {
    if (reveal.isBlank()) {
      throw new IllegalArgumentException("is empty");
    }
  }

  @Override
  public String toString() {
    return "***";
  }
}
