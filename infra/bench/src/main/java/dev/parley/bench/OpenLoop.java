package dev.parley.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Sends requests at their times, each on a thread of its own, and waits for all answers.
final class OpenLoop {
  private OpenLoop() {}

  /// @return a reply for each, in the order of the requests
  static List<Reply> run(CompletionClient client, List<Ask> asks) throws InterruptedException {
    List<Future<Reply>> pending = new ArrayList<>();
    long begin = System.nanoTime();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Ask ask : asks) {
        pending.add(threads.submit(() -> send(client, ask, begin)));
      }
    }
    List<Reply> replies = new ArrayList<>();
    for (Future<Reply> reply : pending) {
      try {
        replies.add(reply.get());
      } catch (ExecutionException e) {
        throw new IllegalStateException("the load itself failed", e);
      }
    }
    return replies;
  }

  private static Reply send(CompletionClient client, Ask ask, long begin)
      throws InterruptedException {
    long wait = begin + ask.at().toNanos() - System.nanoTime();
    TimeUnit.NANOSECONDS.sleep(wait);
    return ask(client, ask);
  }

  /// Asks now.
  static Reply ask(CompletionClient client, Ask ask) throws InterruptedException {
    try {
      return Reply.of(ask, client.ask(ask.question()));
    } catch (IllegalStateException | IllegalArgumentException | java.io.UncheckedIOException e) {
      // What a server does to a request is a result, and the report shows it.
      return Reply.failed(ask, e);
    }
  }
}
