package dev.parley.shared.kafka;

/// One thing on the cluster that is not as the protocol needs it.
///
/// @param subject what is wrong, such as `share group parley.prompts.batch`
/// @param problem in which way, such as `share.auto.offset.reset is latest, must be earliest`
/// @param remedy what to do about it
public record Finding(String subject, String problem, String remedy) {
  @Override
  public String toString() {
    return subject + ": " + problem + "; " + remedy;
  }
}
