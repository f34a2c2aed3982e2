package dev.parley.shared.wire;

/// Makes tokens less probable that were there before, in prompt or answer.
///
/// @param repetition divides a positive logit and multiplies a negative one; above 0 to 2, 1 changes nothing
/// @param frequency taken off a logit for each occurrence, -2 to 2
/// @param presence taken off a logit once, -2 to 2
/// @param lastN how many of the last tokens count, 0 none, -1 all
public record Penalties(double repetition, double frequency, double presence, int lastN) {
  /// Changes nothing; with the number of tokens that counts when only a penalty is given.
  public static final Penalties NONE = new Penalties(1, 0, 0, 64);

  public static final double MAX_REPETITION = 2;
  public static final double MAX_FREQUENCY = 2;

  public Penalties {
    Require.that(
        repetition > 0 && repetition <= MAX_REPETITION,
        "repetition penalty must be above 0 and at most 2");
    Require.within("frequency penalty", frequency, -MAX_FREQUENCY, MAX_FREQUENCY);
    Require.within("presence penalty", presence, -MAX_FREQUENCY, MAX_FREQUENCY);
    Require.lastN("penalties' lastN", lastN);
  }

  /// Whether they may change anything.
  public boolean active() {
    return lastN != 0 && (repetition != 1 || frequency != 0 || presence != 0);
  }
}
