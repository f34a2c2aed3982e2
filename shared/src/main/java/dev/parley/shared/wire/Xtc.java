package dev.parley.shared.wire;

/// Excludes top choices: now and then only the least probable of the probable tokens is kept, against the
/// phrase that everybody has read before.
///
/// @param probability of doing so at a token, 0 (never) to 1
/// @param threshold what counts as probable, 0 to 1; above 0.5 nothing is ever excluded
public record Xtc(double probability, double threshold) {
  /// Off, with the threshold that counts when only a probability is given.
  public static final Xtc NONE = new Xtc(0, 0.1);

  /// Above it no two tokens can be probable.
  private static final double MAX_USEFUL_THRESHOLD = 0.5;

  public Xtc {
    Require.within("xtc probability", probability, 0, 1);
    Require.within("xtc threshold", threshold, 0, 1);
  }

  /// Whether it may change anything.
  public boolean active() {
    return probability > 0 && threshold <= MAX_USEFUL_THRESHOLD;
  }
}
