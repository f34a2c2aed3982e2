package dev.parley.bench;

import dev.parley.bench.Question.Message;
import dev.parley.bench.Wanted.Beside;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// Three times as many conversations as slots, turn by turn: when one goes on, others have used its slot.
final class ConversationTurns implements Scenario {
  private static final int CONVERSATIONS = 24;
  private static final int TURNS = 5;
  private static final int AT_ONCE = 8;
  private static final int FIRST_PROMPT_TOKENS = 200;
  private static final int LATER_PROMPT_TOKENS = 50;
  private static final int ANSWER_TOKENS = 48;

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
    return Capacity.EIGHT_SLOTS.withRivalFlags("--cache-ram", "8192");
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
    List<Talk> talks = new ArrayList<>();
    for (int i = 0; i < CONVERSATIONS; i++) {
      talks.add(new Talk("user-" + i, prompts));
    }
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> clients = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < AT_ONCE; i++) {
        clients.add(threads.submit(() -> takeTurns(server.client(), talks, next)));
      }
    }
    for (Future<?> client : clients) {
      try {
        var _ = client.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("the load itself failed", e);
      }
    }
    return read(talks.stream().flatMap(talk -> talk.replies.stream()).toList());
  }

  private static Void takeTurns(CompletionClient client, List<Talk> talks, AtomicInteger next)
      throws InterruptedException {
    int turn = next.getAndIncrement();
    while (turn < CONVERSATIONS * TURNS) {
      talks.get(turn % CONVERSATIONS).go(client);
      turn = next.getAndIncrement();
    }
    return null;
  }

  private static Run read(List<Reply> replies) {
    List<Reply> first = Ask.of(replies, "turn 1");
    List<Reply> later = replies.stream().filter(reply -> !first.contains(reply)).toList();
    return new Run.Builder(replies)
        .value(FIRST, Timings.meanToFirst(later))
        .value(FIRST_TURN, Timings.meanToFirst(first))
        .value(WALL, Timings.wall(replies))
        .value(HITS, hits(Timings.completions(later)))
        .build();
  }

  private static OptionalDouble hits(List<Completion> done) {
    double prompts = done.stream().mapToInt(Completion::promptTokens).sum();
    double cached = done.stream().mapToInt(Completion::cachedTokens).sum();
    return prompts > 0 ? OptionalDouble.of(cached / prompts) : OptionalDouble.empty();
  }

  /// One conversation; its lock keeps a turn behind the one before.
  private static final class Talk {
    private final String user;
    private final List<String> questions = new ArrayList<>();
    private final List<Message> messages = new ArrayList<>();
    private final List<Reply> replies = new ArrayList<>();

    Talk(String user, Prompts prompts) {
      this.user = user;
      messages.add(new Message("system", Prompts.SYSTEM));
      for (int turn = 0; turn < TURNS; turn++) {
        questions.add(prompts.story(turn == 0 ? FIRST_PROMPT_TOKENS : LATER_PROMPT_TOKENS));
      }
    }

    synchronized void go(CompletionClient client) throws InterruptedException {
      int turn = replies.size();
      messages.add(new Message("user", questions.get(turn)));
      Question question = new Question(messages, ANSWER_TOKENS, 0, 1, user, OptionalInt.empty());
      Reply reply = OpenLoop.ask(client, Ask.now("turn " + (turn + 1), question));
      replies.add(reply);
      String answer = reply.completion().map(Completion::text).orElse("");
      messages.add(new Message("assistant", answer));
    }
  }
}
