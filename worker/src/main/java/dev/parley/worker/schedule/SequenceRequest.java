package dev.parley.worker.schedule;

/// What a scheduler is asked to run.
///
/// @param id unique among the sequences held
/// @param user whose it is: slots and tokens are shared fairly among users
/// @param promptTokens at least 1, and fewer than a slot holds
/// @param patient whether nobody waits for its first words
/// @param alone whether it must not share a step with another
public record SequenceRequest(
    String id, String user, int promptTokens, boolean patient, boolean alone) {

  /// An ordinary one of nobody in particular.
  public static SequenceRequest of(String id, int promptTokens) {
    return new SequenceRequest(id, "", promptTokens, false, false);
  }
}
