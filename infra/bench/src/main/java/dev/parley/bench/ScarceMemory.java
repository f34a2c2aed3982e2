package dev.parley.bench;

import dev.parley.bench.Wanted.Beside;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// Requests whose final lengths are three times what the KV cache holds. All peers have the same bytes of it.
///
/// llama-server divides them among eight slots, or shares them with `-kvu`. Ours takes two slots of half.
final class ScarceMemory implements Scenario {
  private static final int REQUESTS = 8;
  private static final int CACHE_TOKENS = 2048;
  private static final int PROMPT_TOKENS = 200;
  private static final int ANSWER_TOKENS = 3 * CACHE_TOKENS / REQUESTS - PROMPT_TOKENS;

  private static final Metric FULL =
      Metric.higher("requests of " + REQUESTS + " that got all they asked for", "count");
  private static final Metric CUT = Metric.lower("requests cut short by the server", "count");
  private static final Metric FAILED = Metric.lower("requests that failed", "count");
  private static final Metric WALL = Metric.lower("wall time", "s");

  @Override
  public String letter() {
    return "H";
  }

  @Override
  public String title() {
    return "8 requests (%d in, %d out) at once over a KV cache of %d tokens"
        .formatted(PROMPT_TOKENS, ANSWER_TOKENS, CACHE_TOKENS);
  }

  @Override
  public Capacity capacity(Peer peer) {
    int slots = peer == Peer.PARLEY ? 2 : REQUESTS;
    return new Capacity(slots, CACHE_TOKENS / slots, OptionalInt.empty(), Map.of(), 1);
  }

  @Override
  public List<Metric> metrics() {
    return List.of(FULL, CUT, FAILED, WALL);
  }

  @Override
  public List<Wanted> wanted() {
    return List.of(Wanted.atLeast(FULL, REQUESTS, Beside.NOBODY));
  }

  @Override
  public Run run(Endpoint server, Prompts prompts) throws InterruptedException {
    List<Ask> asks = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      asks.add(Ask.now("request", prompts.ask(PROMPT_TOKENS, ANSWER_TOKENS)));
    }
    List<Reply> replies = OpenLoop.run(server.client(), asks);
    int failed = (int) replies.stream().filter(reply -> reply.completion().isEmpty()).count();
    int cut = (int) replies.stream().filter(Reply::isCut).count();
    return new Run.Builder(replies)
        .value(FULL, replies.size() - failed - cut)
        .value(CUT, cut)
        .value(FAILED, failed)
        .value(WALL, Timings.wall(replies))
        .build();
  }
}
