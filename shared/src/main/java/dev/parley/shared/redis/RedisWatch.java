package dev.parley.shared.redis;

import dev.parley.shared.runtime.Threads;
import dev.parley.shared.turn.StoreUnavailable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the answer to "can this Redis be used?" current for readiness and admission: asks now and
/// then on one virtual thread, and logs changes of the answer only.
public final class RedisWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RedisWatch.class);

  /// The finding that keeps messages out while what was admitted goes on.
  static final String MEMORY = "redis-memory";

  private final Supplier<List<RedisFinding>> check;
  private final Duration every;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Optional<String> problem = Optional.of("not asked yet");
  private volatile boolean full;

  /// @param check what [RedisChecks#check] does
  /// @param every between two looks
  public RedisWatch(Supplier<List<RedisFinding>> check, Duration every) {
    this.check = check;
    this.every = every;
  }

  public void start() {
    var _ = Threads.start("redis-watch", this::run);
  }

  /// What is wrong, in one line with what to do; empty when all is well.
  public Optional<String> problem() {
    return problem;
  }

  /// Whether so much memory is used that nothing may be admitted.
  public boolean full() {
    return full;
  }

  @Override
  public void close() {
    closed.countDown();
  }

  private void run() {
    try {
      do {
        look();
      } while (!closed.await(every.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    Optional<String> answer;
    try {
      List<RedisFinding> findings = check.get();
      full = findings.stream().anyMatch(f -> f.name().equals(MEMORY));
      answer =
          findings.isEmpty()
              ? Optional.empty()
              : Optional.of(
                  findings.stream().map(RedisFinding::toString).collect(Collectors.joining(" | ")));
    } catch (StoreUnavailable e) {
      answer = Optional.of(String.valueOf(e.getMessage()));
    }
    report(answer);
    problem = answer;
  }

  private void report(Optional<String> answer) {
    if (!answer.equals(problem)) {
      if (answer.isEmpty()) {
        LOG.info("Redis is ready");
      } else {
        LOG.warn("{}; trying again", answer.get());
      }
    }
  }
}
