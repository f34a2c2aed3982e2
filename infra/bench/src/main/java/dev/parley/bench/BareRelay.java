package dev.parley.bench;

import dev.parley.shared.redis.RedisSettings;
import dev.parley.shared.runtime.Threads;
import dev.parley.shared.wire.Delta;
import dev.parley.shared.wire.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.Pipeline;

/// What the same Redis and the same client library do without Parley around them: as many connections,
/// as many calls in a round trip, texts of the same size, made beforehand; and a listener that only
/// counts.
final class BareRelay implements AutoCloseable {
  private static final String CHANNEL = "g:gw-bare0";
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String ATTEMPT = UUID.randomUUID().toString();
  private static final String DELTA =
      Wire.encode(new Delta(100, List.of(12_345), RelayWorker.WORD));

  /// The commands that an append cannot do without.
  private static final String SCRIPT =
      """
      local id = '{' .. ARGV[1] .. '}:' .. ARGV[2]
      redis.call('HSET', 't:' .. id, 'n', ARGV[4])
      redis.call('RPUSH', 'b:' .. id, ARGV[5])
      redis.call('PUBLISH', '%s', 'D ' .. ARGV[1] .. '/' .. ARGV[2] .. ' ' .. ARGV[3]
        .. ' w0123456789abcdef 0\\n' .. ARGV[5])
      return 'OK'
      """
          .formatted(CHANNEL);

  private final RedisSettings redis;
  private final Jedis listening;
  private final Counter counter = new Counter();
  private final Thread listener;

  BareRelay(RedisSettings redis) throws InterruptedException {
    this.redis = redis;
    listening = connect();
    listener = Threads.startPlatform("bare-listener", () -> listening.subscribe(counter, CHANNEL));
    counter.subscribed.await();
  }

  private Jedis connect() {
    return new Jedis(redis.host(), redis.port());
  }

  /// By one script call each.
  ///
  /// @param workers connections that send at once
  /// @param turns of all of them
  /// @param deltas of each turn
  Speed scripts(int workers, int turns, int deltas, CpuClock clock) throws InterruptedException {
    return measure(workers, turns, deltas, clock, this::sendScripts);
  }

  /// The same by nothing but PUBLISH.
  Speed publishes(int workers, int turns, int deltas, CpuClock clock) throws InterruptedException {
    return measure(workers, turns, deltas, clock, this::sendPublishes);
  }

  private interface Sender {
    void send(Jedis connection, List<List<String>> turns, int deltas);
  }

  private void sendScripts(Jedis connection, List<List<String>> turns, int deltas) {
    String sha = connection.scriptLoad(SCRIPT);
    for (int n = 0; n < deltas; n++) {
      Pipeline pipeline = connection.pipelined();
      turns.forEach(args -> pipeline.evalsha(sha, List.of(), args));
      pipeline.sync();
    }
  }

  private void sendPublishes(Jedis connection, List<List<String>> turns, int deltas) {
    List<String> messages =
        turns.stream()
            .map(args ->
                "D %s/%s %s w0123456789abcdef 0\n%s"
                    .formatted(args.get(0), args.get(1), ATTEMPT, DELTA))
            .toList();
    for (int n = 0; n < deltas; n++) {
      Pipeline pipeline = connection.pipelined();
      messages.forEach(message -> pipeline.publish(CHANNEL, message));
      pipeline.sync();
    }
  }

  private Speed measure(int workers, int turns, int deltas, CpuClock clock, Sender sender)
      throws InterruptedException {
    CountDownLatch heard = counter.expect((long) turns * deltas);
    return Speed.of(
        (long) turns * deltas,
        clock,
        () -> {
          send(workers, turns, deltas, sender);
          if (!heard.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("messages were lost");
          }
        });
  }

  private void send(int workers, int turns, int deltas, Sender sender) throws InterruptedException {
    List<Future<?>> sending = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int w = 0; w < workers; w++) {
        List<List<String>> own = arguments(turns / workers);
        sending.add(
            threads.submit(() -> {
              try (Jedis connection = connect()) {
                sender.send(connection, own, deltas);
              }
            }));
      }
    }
    for (Future<?> each : sending) {
      try {
        each.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("the bare loop failed", e);
      }
    }
  }

  private static List<List<String>> arguments(int turns) {
    List<List<String>> all = new ArrayList<>();
    for (int i = 0; i < turns; i++) {
      String conversation = "web:local:" + UUID.randomUUID();
      String id = UUID.randomUUID().toString().substring(0, 24);
      all.add(List.of(conversation, id, ATTEMPT, "100", DELTA));
    }
    return all;
  }

  @Override
  public void close() {
    counter.unsubscribe();
    try {
      listener.join(LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    listening.close();
  }

  /// Counts what it hears.
  private static final class Counter extends JedisPubSub {
    private final CountDownLatch subscribed = new CountDownLatch(1);

    /// What is waited for; replaced as a whole for each measurement.
    private record Wait(AtomicLong left, CountDownLatch done) {
      Wait(long messages) {
        this(new AtomicLong(messages), new CountDownLatch(1));
      }
    }

    private final AtomicReference<Wait> wait = new AtomicReference<>(new Wait(Long.MAX_VALUE));

    CountDownLatch expect(long messages) {
      Wait next = new Wait(messages);
      wait.set(next);
      return next.done();
    }

    @Override
    public void onSubscribe(String channel, int count) {
      subscribed.countDown();
    }

    @Override
    public void onMessage(String channel, String message) {
      Wait now = wait.get();
      if (now.left().decrementAndGet() == 0) {
        now.done().countDown();
      }
    }
  }
}
