package dev.parley.bench;

import dev.parley.bench.Wanted.Beside;
import dev.parley.worker.schedule.ScheduleLimits;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// The load of [ConversationTurns] on two workers that share their computed beginnings in files: whichever
/// takes a conversation's next turn shall find what the other one has computed.
final class TurnsAnywhere implements Scenario {
  private static final int WORKERS = 2;

  private static final Metric HITS =
      Metric.higher(
          "prompt tokens not computed again, turns 2-5, of those that the turn before had computed",
          "share");
  private static final Metric FIRST = Metric.lower("mean time to first token, turns 2-5", "s");
  private static final Metric FIRST_TURN = Metric.lower("mean time to first token, turn 1", "s");
  private static final Metric WALL = Metric.lower("wall time", "s");

  @Override
  public String letter() {
    return "E2";
  }

  @Override
  public String title() {
    return "as E, each turn at one of two workers, drawn; the workers share a folder of prefix"
        + " files";
  }

  @Override
  public Capacity capacity(Peer peer) {
    return Capacity.EIGHT_SLOTS.onWorkers(WORKERS);
  }

  /// One llama-server with the slots of two workers is something else.
  @Override
  public boolean oursAlone() {
    return true;
  }

  @Override
  public List<Metric> metrics() {
    return List.of(HITS, FIRST, FIRST_TURN, WALL);
  }

  @Override
  public List<Wanted> wanted() {
    return List.of(Wanted.atLeast(HITS, 0.9, Beside.NOBODY));
  }

  @Override
  public Run run(Endpoint server, Prompts prompts) throws InterruptedException {
    List<List<Reply>> talks = Talks.run(server.clients(), prompts);
    List<Reply> all = talks.stream().flatMap(List::stream).toList();
    return new Run.Builder(all)
        .value(HITS, hits(talks))
        .value(FIRST, Timings.meanToFirst(Talks.later(talks)))
        .value(FIRST_TURN, Timings.meanToFirst(Talks.turn(talks, 1)))
        .value(WALL, Timings.wall(all))
        .build();
  }

  private static OptionalDouble hits(List<List<Reply>> talks) {
    long cached = 0;
    long reusable = 0;
    for (List<Reply> replies : talks) {
      for (int turn = 1; turn < replies.size(); turn++) {
        Optional<Completion> before = replies.get(turn - 1).completion();
        Optional<Completion> now = replies.get(turn).completion();
        if (before.isPresent() && now.isPresent()) {
          cached += now.get().cachedTokens();
          reusable += reusable(before.get(), now.get());
        }
      }
    }
    return reusable > 0 ? OptionalDouble.of((double) cached / reusable) : OptionalDouble.empty();
  }

  /// The whole chunks of what the turn before had in its cache: all but its last token.
  private static int reusable(Completion before, Completion now) {
    int held = Math.min(before.promptTokens() + before.tokens(), now.promptTokens()) - 1;
    return held - held % ScheduleLimits.CHUNK_TOKENS;
  }
}
