package dev.parley.bench;

/// A scenario's target: our value of a metric beside another's, in the same rounds.
///
/// @param ours our engine alone, or behind the whole path
/// @param beside whose value ours is held against
/// @param choice the metric by which the best rival setting is chosen
/// @param sense on which side of the bound the ratio is good
/// @param bound of ours over theirs, or of theirs over ours when `inverse`; of our value when beside nobody
record Wanted(
    Peer ours,
    Metric metric,
    Beside beside,
    Metric choice,
    Target.Sense sense,
    double bound,
    boolean inverse) {

  /// Whose value ours is held against.
  enum Beside {
    NOBODY,
    DEFAULT,
    BEST
  }

  static Wanted atLeast(Metric metric, double bound, Beside beside) {
    return new Wanted(Peer.PARLEY, metric, beside, metric, Target.Sense.AT_LEAST, bound, false);
  }

  static Wanted atMost(Metric metric, double bound, Beside beside) {
    return new Wanted(Peer.PARLEY, metric, beside, metric, Target.Sense.AT_MOST, bound, false);
  }

  /// Ours is so many times smaller.
  static Wanted timesLower(Metric metric, double bound, Beside beside) {
    return new Wanted(Peer.PARLEY, metric, beside, metric, Target.Sense.AT_LEAST, bound, true);
  }

  /// Beside the setting that is the best in another metric.
  Wanted chosenBy(Metric other) {
    return new Wanted(ours, metric, beside, other, sense, bound, inverse);
  }

  /// Of the whole path's value.
  Wanted onWholePath() {
    return new Wanted(Peer.PATH, metric, beside, choice, sense, bound, inverse);
  }
}
