package dev.parley.shared.wire;

/// The rarer ways to drop improbable (or too probable) tokens, beside top-k, top-p and min-p.
///
/// @param typicalP tokens whose surprise is nearest to the expected one, until their probability exceeds it;
///     (0, 1], 1 keeps all
/// @param topNSigma tokens whose logit is at most this many standard deviations below the best, 0 keeps all
public record Cuts(double typicalP, double topNSigma, Xtc xtc) {
  /// Keeps all.
  public static final Cuts NONE = new Cuts(1, 0, Xtc.NONE);

  public static final double MAX_TOP_N_SIGMA = 100;

  public Cuts {
    Require.that(typicalP > 0 && typicalP <= 1, "typicalP must be above 0 and at most 1");
    Require.within("topNSigma", topNSigma, 0, MAX_TOP_N_SIGMA);
  }

  /// Whether any of them may change anything.
  public boolean active() {
    return typicalP < 1 || topNSigma > 0 || xtc.active();
  }
}
