package dev.parley.bench;

import dev.parley.shared.redis.RedisSettings;
import dev.parley.shared.wire.Prompt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/// Parley's way from workers to a gateway: publisher, append script, subscriber, turn machine.
final class ParleyRelay implements AutoCloseable {
  /// How long the last words of a round may be on their way.
  private static final Duration ARRIVAL = Duration.ofMinutes(2);

  private final RelayGateway gateway;
  private final List<RelayWorker> workers;

  ParleyRelay(RedisSettings redis, int workers) throws InterruptedException {
    this.gateway = new RelayGateway(redis);
    this.workers = IntStream.range(0, workers).mapToObj(i -> new RelayWorker(redis)).toList();
  }

  /// Opens turns, sends deltas of one token to all of them at once, and ends them.
  Speed round(int turns, int deltas, CpuClock clock) throws InterruptedException {
    CountDownLatch whole = new CountDownLatch(turns);
    List<Prompt> prompts = gateway.open(turns, deltas * RelayWorker.WORD.length(), whole);
    int each = turns / workers.size();
    all(w -> workers.get(w).claim(prompts.subList(w * each, (w + 1) * each)));
    Speed speed =
        Speed.of(
            (long) turns * deltas,
            clock,
            () -> {
              all(w -> workers.get(w).stream(deltas));
              if (!whole.await(ARRIVAL.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException(whole.getCount() + " answers are not whole");
              }
            });
    all(w -> workers.get(w).finish());
    gateway.awaitNoneOpen();
    return speed;
  }

  /// Deltas that did not come in order and were read again, and subscriptions that were lost.
  double gaps() {
    return gateway.gaps();
  }

  private interface Work {
    void run(int worker) throws InterruptedException;
  }

  /// All workers at once, each on a thread of its own.
  private void all(Work work) throws InterruptedException {
    List<Future<?>> running = new ArrayList<>();
    try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      for (int w = 0; w < workers.size(); w++) {
        int worker = w;
        running.add(
            threads.submit(() -> {
              work.run(worker);
              return worker;
            }));
      }
    }
    for (Future<?> each : running) {
      try {
        each.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("a worker failed", e);
      }
    }
  }

  @Override
  public void close() {
    workers.forEach(RelayWorker::close);
    gateway.close();
  }
}
