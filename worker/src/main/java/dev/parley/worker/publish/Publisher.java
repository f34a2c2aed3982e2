package dev.parley.worker.publish;

import dev.parley.shared.runtime.Threads;
import dev.parley.shared.turn.AppendReply;
import dev.parley.shared.turn.StoreUnavailable;
import dev.parley.shared.turn.TurnStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends the appends of all turns in one pipelined round trip; while it is under way, the next ones
/// gather.
///
/// Every turn has at most one append under way, so the queue is no longer than the number of held
/// prompts.
public final class Publisher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);

  private record Pending(TurnStore.Append append, Consumer<AppendReply> reply, Runnable unknown) {}

  private final TurnStore store;
  private final Consumer<Runnable> mailbox;
  private final LongConsumer roundTripNanos;
  private final BlockingQueue<List<Pending>> queue = new LinkedBlockingQueue<>();
  private final Thread thread;

  /// Owned by the thread that calls [#append] and [#flush].
  private List<Pending> gathered = new ArrayList<>();

  /// @param mailbox runs replies later, on the thread of the machines
  /// @param roundTripNanos is told how long each answered round trip took
  public Publisher(TurnStore store, Consumer<Runnable> mailbox, LongConsumer roundTripNanos) {
    this.store = store;
    this.mailbox = mailbox;
    this.roundTripNanos = roundTripNanos;
    this.thread = Threads.startPlatform("publisher", this::run);
  }

  /// Puts an append into the batch that [#flush] sends.
  public void append(TurnStore.Append append, Consumer<AppendReply> reply, Runnable unknown) {
    gathered.add(new Pending(append, reply, unknown));
  }

  /// Hands over what was gathered since the last call, so that the appends of one engine step share
  /// a round trip.
  public void flush() {
    if (!gathered.isEmpty()) {
      queue.add(gathered);
      gathered = new ArrayList<>();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    List<List<Pending>> waiting = new ArrayList<>();
    try {
      while (true) {
        waiting.add(queue.take());
        queue.drainTo(waiting);
        send(waiting.stream().flatMap(List::stream).toList());
        waiting.clear();
      }
    } catch (InterruptedException e) {
      LOG.debug("closed; {} batches were not sent", waiting.size() + queue.size());
    }
  }

  private void send(List<Pending> batch) {
    long begin = System.nanoTime();
    try {
      List<AppendReply> replies = store.appendAll(batch.stream().map(Pending::append).toList());
      roundTripNanos.accept(System.nanoTime() - begin);
      mailbox.accept(() -> answer(batch, replies));
    } catch (StoreUnavailable e) {
      LOG.debug("no answer to {} appends: {}", batch.size(), e.getMessage());
      mailbox.accept(() -> batch.forEach(p -> p.unknown().run()));
    } catch (RuntimeException e) {
      LOG.error("{} appends failed, sending them again", batch.size(), e);
      mailbox.accept(() -> batch.forEach(p -> p.unknown().run()));
    }
  }

  private static void answer(List<Pending> batch, List<AppendReply> replies) {
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).reply().accept(replies.get(i));
    }
  }
}
