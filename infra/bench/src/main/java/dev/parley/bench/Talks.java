package dev.parley.bench;

import dev.parley.bench.Question.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// Many conversations, turn by turn, some at a time: all first turns before all second ones.
final class Talks {
  static final int CONVERSATIONS = 24;
  static final int TURNS = 5;
  private static final int AT_ONCE = 8;
  private static final int FIRST_PROMPT_TOKENS = 200;
  private static final int LATER_PROMPT_TOKENS = 50;
  private static final int ANSWER_TOKENS = 48;

  /// Of the draws who takes a turn: the same in each round.
  private static final long SEED = 24_05;

  private Talks() {}

  /// Talks to one of several servers, another one each turn as it falls.
  ///
  /// @return each conversation's replies in their order, [#TURNS] of each
  static List<List<Reply>> run(List<CompletionClient> servers, Prompts prompts)
      throws InterruptedException {
    Random draws = new Random(SEED);
    List<Talk> talks = new ArrayList<>();
    for (int i = 0; i < CONVERSATIONS; i++) {
      talks.add(new Talk("user-" + i, prompts, servers, draws));
    }
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> clients = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < AT_ONCE; i++) {
        clients.add(threads.submit(() -> takeTurns(talks, next)));
      }
    }
    for (Future<?> client : clients) {
      try {
        var _ = client.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("the load itself failed", e);
      }
    }
    return talks.stream().map(talk -> List.copyOf(talk.replies)).toList();
  }

  private static Void takeTurns(List<Talk> talks, AtomicInteger next) throws InterruptedException {
    int turn = next.getAndIncrement();
    while (turn < CONVERSATIONS * TURNS) {
      talks.get(turn % CONVERSATIONS).go();
      turn = next.getAndIncrement();
    }
    return null;
  }

  /// The replies to one turn, from 1 on.
  static List<Reply> turn(List<List<Reply>> talks, int number) {
    return talks.stream().map(replies -> replies.get(number - 1)).toList();
  }

  /// Those to all turns but the first.
  static List<Reply> later(List<List<Reply>> talks) {
    return talks.stream().flatMap(replies -> replies.stream().skip(1)).toList();
  }

  /// One conversation; its lock keeps a turn behind the one before.
  private static final class Talk {
    private final String user;
    private final List<String> questions = new ArrayList<>();
    private final List<CompletionClient> servers = new ArrayList<>();
    private final List<Message> messages = new ArrayList<>();
    private final List<Reply> replies = new ArrayList<>();

    Talk(String user, Prompts prompts, List<CompletionClient> all, Random draws) {
      this.user = user;
      messages.add(new Message("system", Prompts.SYSTEM));
      for (int turn = 0; turn < TURNS; turn++) {
        questions.add(prompts.story(turn == 0 ? FIRST_PROMPT_TOKENS : LATER_PROMPT_TOKENS));
        servers.add(all.get(draws.nextInt(all.size())));
      }
    }

    synchronized void go() throws InterruptedException {
      int turn = replies.size();
      messages.add(new Message("user", questions.get(turn)));
      Question question = new Question(messages, ANSWER_TOKENS, 0, 1, user, OptionalInt.empty());
      Reply reply = OpenLoop.ask(servers.get(turn), Ask.now("turn " + (turn + 1), question));
      replies.add(reply);
      String answer = reply.completion().map(Completion::text).orElse("");
      messages.add(new Message("assistant", answer));
    }
  }
}
