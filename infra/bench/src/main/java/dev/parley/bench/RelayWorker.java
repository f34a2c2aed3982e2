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
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/// A worker's publishing half: claims turns and appends one token a delta to each, the next one when the
/// last is stored, by the real [Publisher] and store.
final class RelayWorker implements AutoCloseable {
  /// Between two beats, ms: four in a lease, as real workers do.
  private static final long BEAT_MS = TurnStore.WORKER_LEASE_MS / 4;

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

  private final String name = "w" + UUID.randomUUID().toString().replace("-", "").substring(0, 16);
  private final RedisTurnStore store;
  private final BlockingQueue<Runnable> mailbox = new LinkedBlockingQueue<>();
  private final Publisher publisher;
  private final CountDownLatch closed = new CountDownLatch(1);
  private List<Writing> turns = List.of();
  private int left;

  RelayWorker(RedisSettings redis) {
    store = new RedisTurnStore(redis);
    publisher = new Publisher(store, mailbox::add, nanos -> {});
    beat();
    var _ = Threads.startPlatform("bench-beat", this::beatOn);
  }

  /// Becomes the owner of these turns.
  void claim(List<Prompt> prompts) {
    turns = prompts.stream().map(this::claim).toList();
  }

  private Writing claim(Prompt prompt) {
    String attempt = UUID.randomUUID().toString();
    ClaimReply reply = store.claim(new Claim(attempt, name, "bench", false, MAX_CRASHES, prompt));
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
    var _ = store.beatWorker(name, "{}");
  }

  @Override
  public void close() {
    closed.countDown();
    publisher.close();
    store.close();
  }
}
