package dev.parley.bench;

import dev.parley.bench.Wanted.Beside;
import java.util.List;
import java.util.OptionalDouble;

/// Three times as many conversations as slots, turn by turn: when one goes on, others have used its slot.
final class ConversationTurns implements Scenario {
  private static final Metric FIRST = Metric.lower("mean time to first token, turns 2-5", "s");
  private static final Metric FIRST_TURN = Metric.lower("mean time to first token, turn 1", "s");
  private static final Metric WALL = Metric.lower("wall time", "s");
  private static final Metric HITS =
      Metric.higher("prompt tokens not computed again, turns 2-5, as said in usage", "share");

  @Override
  public String letter() {
    return "E";
  }

  @Override
  public String title() {
    return "24 conversations of 5 turns (200 in, later 50 more each, 48 out), 8 at a time, all"
        + " turns 1 before all turns 2";
  }

  @Override
  public Capacity capacity(Peer peer) {
    return Capacity.EIGHT_SLOTS.withPrefixMib(8192);
  }

  @Override
  public boolean onWholePath() {
    return true;
  }

  @Override
  public List<Metric> metrics() {
    return List.of(FIRST, FIRST_TURN, WALL, HITS);
  }

  @Override
  public List<Wanted> wanted() {
    return List.of(
        Wanted.atMost(FIRST, 0.5, Beside.DEFAULT),
        Wanted.atMost(FIRST, 0.6, Beside.DEFAULT).onWholePath());
  }

  @Override
  public Run run(Endpoint server, Prompts prompts) throws InterruptedException {
    List<List<Reply>> talks = Talks.run(List.of(server.client()), prompts);
    List<Reply> later = Talks.later(talks);
    List<Reply> all = talks.stream().flatMap(List::stream).toList();
    return new Run.Builder(all)
        .value(FIRST, Timings.meanToFirst(later))
        .value(FIRST_TURN, Timings.meanToFirst(Talks.turn(talks, 1)))
        .value(WALL, Timings.wall(all))
        .value(HITS, hits(server.peer(), Timings.completions(later)))
        .build();
  }

  /// The whole path's usage does not say it: the turn record does not keep it.
  private static OptionalDouble hits(Peer peer, List<Completion> done) {
    if (peer == Peer.PATH) {
      return OptionalDouble.empty();
    }
    double prompts = done.stream().mapToInt(Completion::promptTokens).sum();
    double cached = done.stream().mapToInt(Completion::cachedTokens).sum();
    return prompts > 0 ? OptionalDouble.of(cached / prompts) : OptionalDouble.empty();
  }
}
