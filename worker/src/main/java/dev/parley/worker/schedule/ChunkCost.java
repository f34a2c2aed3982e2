package dev.parley.worker.schedule;

/// What a chunk of a prompt costs, by how much of the prompt is cached before it: attention reads all of that,
/// so that behind 1,300 tokens of a small model a chunk takes three times as long as at the beginning.
///
/// The cost grows with the depth along a line. How much belongs to the model: it is learned slowly, by least
/// squares over some fifty measurements. How fast the machine is changes with its load: that is an exponential
/// average of the last few.
final class ChunkCost {
  /// What a measurement weighs after the next one, in the line.
  private static final double KEPT = 0.98;

  /// Standard deviation of the depths, tokens, from which on they tell something.
  private static final double SPREAD = 2.0 * ScheduleLimits.CHUNK_TOKENS;

  // Weighted sums over the measurements.
  private double weight;
  private double depths;
  private double costs;
  private double squares;
  private double products;

  private final RecentAverage recentDepth = new RecentAverage();
  private final RecentAverage recentNanos = new RecentAverage();

  boolean known() {
    return weight > 0;
  }

  /// @param depth tokens that were cached before it
  /// @param nanos it took
  void measured(double depth, double nanos) {
    recentDepth.add(depth);
    recentNanos.add(nanos);
    weight = KEPT * weight + 1;
    depths = KEPT * depths + depth;
    costs = KEPT * costs + nanos;
    squares = KEPT * squares + depth * depth;
    products = KEPT * products + depth * nanos;
  }

  /// @param depth tokens that are cached before it
  /// @return ns that it will take
  double nanos(double depth) {
    double growth = growth();
    return recentNanos.value() * (1 + growth * depth) / (1 + growth * recentDepth.value());
  }

  /// By what share of the cost at depth 0 a token of depth adds to it.
  private double growth() {
    if (!known()) {
      return 0;
    }
    double meanDepth = depths / weight;
    double variance = squares / weight - meanDepth * meanDepth;
    if (variance < SPREAD * SPREAD) {
      return 0;
    }
    double slope = (products / weight - meanDepth * costs / weight) / variance;
    double atZero = costs / weight - slope * meanDepth;
    return slope > 0 && atZero > 0 ? slope / atZero : 0;
  }
}
