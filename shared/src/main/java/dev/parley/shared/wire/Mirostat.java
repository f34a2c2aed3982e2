package dev.parley.shared.wire;

/// Steers the answer's surprise towards a target, token by token; takes the place of all cuts.
///
/// @param version 0 (off), 1 or 2
/// @param tau the surprise to reach, in bits, 0 to 20
/// @param eta how fast it is approached, above 0 to 1
public record Mirostat(int version, double tau, double eta) {
  /// Off, with what counts when only a version is given.
  public static final Mirostat NONE = new Mirostat(0, 5, 0.1);

  public static final double MAX_TAU = 20;

  public Mirostat {
    Require.that(version >= 0 && version <= 2, "mirostat must be 0, 1 or 2");
    Require.within("mirostat tau", tau, 0, MAX_TAU);
    Require.that(eta > 0 && eta <= 1, "mirostat eta must be above 0 and at most 1");
  }

  public boolean active() {
    return version > 0;
  }
}
