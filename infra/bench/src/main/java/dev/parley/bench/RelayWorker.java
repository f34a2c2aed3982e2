package dev.parley.bench;

import dev.parley.shared.redis.RedisSettings;
import dev.parley.shared.redis.RedisTurnStore;
import dev.parley.shared.runtime.Threads;
import dev.parley.shared.turn.AppendReply;
import dev.parley.shared.turn.Claim;
import dev.parley.shared.turn.ClaimReply;
import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.wire.Delta;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.Prompt;
import dev.parley.shared.wire.Usage;
import dev.parley.worker.publish.Publisher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/// The publishing half of as many workers as the turns need: claims them and appends one token a delta to each,
/// the next one when the last is stored, by the real [Publisher] and store.
final class RelayWorker implements AutoCloseable {
  /// Between two beats, ms: four in a lease, as real workers do.
  private static final long BEAT_MS = TurnStore.WORKER_LEASE_MS / 4;

  /// Turns of one worker process: a beat names them all, so it must not have more than real ones do.
  private static final int TURNS_A_WORKER = 32;

  private static final int MAX_CRASHES = 3;
  private static final int TOKEN = 12_345;

  /// The text of each token: a short word, as most are.
  static final String WORD = " word";

  private static final class Writing {
    private final TurnRef ref;
    private final String attempt;
    private int stored;

    Writing(TurnRef ref, String attempt) {
      this.ref = ref;
      this.attempt = attempt;
    }
  }

  /// The attempts at work, by worker.
  private final Map<String, List<String>> workers = new ConcurrentHashMap<>();

  private final RedisTurnStore store;
  private final BlockingQueue<Runnable> mailbox = new LinkedBlockingQueue<>();
  private final Publisher publisher;
  private final CountDownLatch closed = new CountDownLatch(1);
  private List<Writing> turns = List.of();
  private int left;

  RelayWorker(RedisSettings redis) {
    store = new RedisTurnStore(redis);
    publisher = new Publisher(store, mailbox::add, nanos -> {});
    var _ = Threads.startPlatform("bench-beat", this::beatOn);
  }

  /// Becomes the owner of these turns.
  void claim(List<Prompt> prompts) {
    List<Writing> claimed = new ArrayList<>();
    for (int from = 0; from < prompts.size(); from += TURNS_A_WORKER) {
      int to = Math.min(from + TURNS_A_WORKER, prompts.size());
      claimed.addAll(claimAsOne(prompts.subList(from, to)));
    }
    turns = List.copyOf(claimed);
  }

  private List<Writing> claimAsOne(List<Prompt> prompts) {
    String worker = "w" + UUID.randomUUID().toString().replace("-", "").substring(0, 16);
    List<String> attempts = prompts.stream().map(p -> UUID.randomUUID().toString()).toList();
    workers.put(worker, attempts);
    List<Writing> claimed = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      claimed.add(claim(prompts.get(i), attempts.get(i), worker, attempts));
    }
    return claimed;
  }

  private Writing claim(Prompt prompt, String attempt, String worker, List<String> atWork) {
    ClaimReply reply =
        store.claim(new Claim(attempt, worker, "bench", atWork, false, MAX_CRASHES, prompt));
    if (!(reply instanceof ClaimReply.Run)) {
      throw new IllegalStateException("a claim was answered " + reply);
    }
    return new Writing(prompt.ref(), attempt);
  }

  /// Appends so many deltas of one token to each turn; returns when all are stored.
  void stream(int deltas) throws InterruptedException {
    left = turns.size();
    turns.forEach(turn -> append(turn, deltas));
    List<Runnable> replies = new ArrayList<>();
    while (left > 0) {
      publisher.flush();
      replies.add(mailbox.take());
      mailbox.drainTo(replies);
      replies.forEach(Runnable::run);
      replies.clear();
    }
  }

  private void append(Writing turn, int deltas) {
    Delta next = new Delta(turn.stored + 1, List.of(TOKEN), WORD);
    publisher.append(
        new TurnStore.Append(turn.ref, turn.attempt, List.of(next)),
        reply -> stored(turn, deltas, reply),
        () -> {
          throw new IllegalStateException("Redis did not answer");
        });
  }

  private void stored(Writing turn, int deltas, AppendReply reply) {
    if (!(reply instanceof AppendReply.Ok)) {
      throw new IllegalStateException("an append was answered " + reply);
    }
    turn.stored++;
    if (turn.stored == deltas) {
      left--;
    } else {
      append(turn, deltas);
    }
  }

  /// Appends as [#stream] does, but many tokens at once: for a bench that wants the turns, not the time.
  void fill(int deltas) {
    for (Writing turn : turns) {
      List<Delta> all =
          IntStream.rangeClosed(1, deltas)
              .mapToObj(n -> new Delta(n, List.of(TOKEN), WORD))
              .toList();
      if (!(store.append(turn.ref, turn.attempt, all) instanceof AppendReply.Ok)) {
        throw new IllegalStateException("an append was refused");
      }
      turn.stored = deltas;
    }
  }

  /// Ends all answers.
  void finish() {
    for (Writing turn : turns) {
      Outcome outcome =
          store.finish(
              turn.ref,
              turn.attempt,
              WORD.repeat(turn.stored),
              EndReason.STOP,
              new Usage(1, turn.stored));
      if (outcome != Outcome.OK) {
        throw new IllegalStateException("an end was answered " + outcome);
      }
    }
  }

  private void beatOn() {
    try {
      while (!closed.await(BEAT_MS, TimeUnit.MILLISECONDS)) {
        beat();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void beat() {
    workers.forEach((worker, attempts) -> store.beatWorker(worker, "{}", attempts));
  }

  @Override
  public void close() {
    closed.countDown();
    publisher.close();
    store.close();
  }
}
