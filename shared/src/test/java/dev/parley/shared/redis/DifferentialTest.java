package dev.parley.shared.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.shared.testing.FakeTurnStore;
import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.wire.ChannelMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The same random operations on the fake store and on the Lua in a real Redis: replies, published
/// messages and the whole contents must be equal after each.
class DifferentialTest {

  private static final int SEEDS = Integer.getInteger("parley.differential.seeds", 120);
  private static final int OPERATIONS = 150;

  private static RedisProcess redis;

  @BeforeAll
  static void startRedis() {
    redis = RedisProcess.start();
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  @Test
  void fake_and_lua_agree_on_every_reply_message_and_record() {
    Map<String, Integer> seen = new TreeMap<>();
    for (long seed = 0; seed < SEEDS; seed++) {
      try (Pair pair = new Pair(redis, seed)) {
        for (int i = 0; i < OPERATIONS; i++) {
          pair.step(seen);
        }
      }
    }
    assertThat(seen.keySet()).as("each reply occurred: %s", seen).containsAll(expectedReplies());
  }

  /// What a random run must have met, or the comparison proves little.
  private static List<String> expectedReplies() {
    return List.of(
        "admit Admitted",
        "admit Existing",
        "admit Full",
        "admit Wait",
        "admit Cold",
        "produced OK",
        "produced LATER",
        "claim Run",
        "claim Wait",
        "claim Drop",
        "claim Ended",
        "claim TooOld",
        "append Ok",
        "append Gap",
        "append Other",
        "append Ended",
        "append Missing",
        "restart OK",
        "restore OK",
        "restore EXISTS",
        "restore LOST",
        "finish OK",
        "finish OTHER",
        "finish ENDED",
        "failAttempt OK",
        "handOver OK",
        "cancel OK",
        "cancel ENDED",
        "expire OK",
        "expire LATER",
        "fail OK",
        "got OK",
        "got LATER",
        "got NOT_OWNER",
        "placed OK",
        "delivered OK",
        "delivered LATER",
        "delivered NOT_OWNER",
        "adopt OK",
        "adopt LOST",
        "assertTurn OK",
        "assertTurn EXISTS",
        "promote OK",
        "promote LATER",
        "requeue OK",
        "requeue LATER",
        "replace OK",
        "replace LOST",
        "retract OK",
        "retract LOST",
        "replace EXISTS",
        "view Found",
        "sweep");
  }

  /// Both stores and what happened to them, to be printed when they differ.
  private static final class Pair implements AutoCloseable {

    private final long seed;
    private final Random random;
    private final ToldRedis real;
    private final TappedChannels tap;
    private final FakeTurnStore fake;
    private final Operations operations;
    private final TreeSet<String> subscribed = new TreeSet<>();
    private final List<String> published = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private boolean cold;
    private long nowMs = 1_750_000_000_000L;
    private Object fakeSnapshot;
    private Map<String, byte[]> realSnapshot = new HashMap<>();

    Pair(RedisProcess redis, long seed) {
      this.seed = seed;
      random = new Random(seed);
      operations = new Operations(random);
      real = new ToldRedis(redis);
      tap = new TappedChannels(redis.settings());
      fake =
          new FakeTurnStore(
              () -> nowMs,
              (channel, message) -> {
                if (!subscribed.contains(channel)) {
                  return 0;
                }
                published.add(channel + " " + ChannelMessage.encode(message));
                return 1;
              });
      real.tell(nowMs);
      real.wipe();
      realSnapshot = real.snapshot();
      fakeSnapshot = fake.snapshot();
      operations.all().forEach(channel -> toggle(channel));
      both("openEpoch", TurnStore::openEpoch, new TreeMap<>());
    }

    void step(Map<String, Integer> seen) {
      if (cold && random.nextInt(8) == 0) {
        both("openEpoch", TurnStore::openEpoch, new TreeMap<>());
        cold = false;
        return;
      }
      if (random.nextInt(4) == 0) {
        world();
        return;
      }
      Operations.Operation operation = operations.next(nowMs, fake.turns());
      both(operation.text(), operation.call(), seen);
    }

    private void world() {
      int kind = random.nextInt(58);
      if (kind < 30) {
        nowMs += operations.time();
        real.tell(nowMs);
        log.add("now " + nowMs);
      } else if (kind < 34) {
        toggle(operations.channel());
      } else if (kind < 50) {
        Operations.Operation beat = operations.beat();
        both(beat.text(), beat.call(), new TreeMap<>());
      } else if (kind < 53) {
        String id = operations.process();
        log.add("drop " + id);
        fake.dropLiveness(id);
        real.dropLiveness(id);
      } else if (kind < 56) {
        log.add("snapshot");
        fakeSnapshot = fake.snapshot();
        realSnapshot = real.snapshot();
      } else if (kind < 57) {
        log.add("roll back");
        cold = true;
        fake.rollBack(fakeSnapshot);
        real.rollBack(realSnapshot);
        if (random.nextBoolean()) {
          both("reopenEpoch", TurnStore::reopenEpoch, new TreeMap<>());
          cold = false;
        }
      } else {
        log.add("wipe");
        cold = true;
        fake.wipe();
        real.wipe();
      }
    }

    private void toggle(String channel) {
      log.add("toggle " + channel);
      if (subscribed.remove(channel)) {
        tap.unsubscribe(channel);
      } else {
        subscribed.add(channel);
        tap.subscribe(channel);
      }
    }

    private void both(
        String text, Function<TurnStore, Object> operation, Map<String, Integer> seen) {
      log.add(text);
      published.clear();
      Object expected = operation.apply(fake);
      Object actual = operation.apply(real.store());
      log.add("  -> " + expected);
      assertThat(actual).as(this::story).isEqualTo(expected);
      assertThat(tap.drain()).as(this::story).isEqualTo(published);
      assertThat(real.dump()).as(this::story).isEqualTo(fake.dump());
      seen.merge(name(text, expected), 1, Integer::sum);
    }

    private static String name(String text, Object reply) {
      String method = text.substring(0, Math.max(text.indexOf(' '), 0));
      return switch (reply) {
        case Enum<?> outcome -> method + " " + outcome;
        case Record record -> method + " " + record.getClass().getSimpleName();
        default -> method;
      };
    }

    private String story() {
      List<String> last = log.subList(Math.max(0, log.size() - 60), log.size());
      return "seed " + seed + "\n" + String.join("\n", last);
    }

    @Override
    public void close() {
      tap.close();
      real.close();
    }
  }
}
