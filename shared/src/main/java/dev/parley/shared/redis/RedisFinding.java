package dev.parley.shared.redis;

/// One thing about the Redis that is not as the protocol needs it.
///
/// @param name stable, for readiness and metrics
/// @param problem in which way, with the value that was found
/// @param remedy what to do about it
public record RedisFinding(String name, String problem, String remedy) {
  @Override
  public String toString() {
    return name + ": " + problem + "; " + remedy;
  }
}
