package dev.parley.shared.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.shared.turn.Admission;
import dev.parley.shared.turn.AdmitReply;
import dev.parley.shared.turn.AppendReply;
import dev.parley.shared.turn.Beat;
import dev.parley.shared.turn.HistoryEntry;
import dev.parley.shared.turn.Outcome;
import dev.parley.shared.turn.StoreUnavailable;
import dev.parley.shared.turn.TurnRef;
import dev.parley.shared.turn.TurnStore;
import dev.parley.shared.turn.ViewReply;
import dev.parley.shared.wire.Delta;
import dev.parley.shared.wire.EndReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/// What only a real server does: forget scripts, hang, restart, tell the time, expire keys.
class RedisTurnStoreTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final TurnRef REF = new TurnRef("chat", "one");

  private RedisProcess redis;
  private RedisTurnStore store;

  @BeforeEach
  void start() {
    redis = RedisProcess.start();
    store = new RedisTurnStore(redis.settings().withCallLimits(5_000, 500, 4, 30_000));
  }

  @AfterEach
  void stop() {
    store.close();
    redis.close();
  }

  private static Admission admission(TurnRef ref) {
    return new Admission(ref, "{}", "g1", 60_000, 900_000, 3, false, Long.MAX_VALUE);
  }

  /// An epoch that is no longer young, without waiting for it.
  private void openOldEpoch() {
    try (Jedis jedis = redis.client()) {
      jedis.set("epoch", "1");
    }
  }

  @Test
  void scripts_that_the_server_forgot_are_loaded_again_also_in_a_batch() {
    openOldEpoch();
    assertThat(store.admit(admission(REF))).isInstanceOf(AdmitReply.Admitted.class);
    try (Jedis jedis = redis.client()) {
      jedis.scriptFlush();
    }
    assertThat(store.produced(REF)).isEqualTo(Outcome.OK);
    TurnStore.Append append =
        new TurnStore.Append(REF, "A", List.of(new Delta(1, List.of(1), "x")));
    assertThat(store.appendAll(List.of(append, append)))
        .containsOnly(new AppendReply.Other())
        .hasSize(2);
  }

  @Test
  void a_server_that_hangs_makes_outcomes_unknown_and_is_used_again_when_it_wakes() {
    openOldEpoch();
    store.admit(admission(REF));
    redis.freeze();
    try {
      assertThatThrownBy(() -> store.produced(REF)).isInstanceOf(StoreUnavailable.class);
    } finally {
      redis.thaw();
    }
    await()
        .atMost(PATIENCE)
        .ignoreException(StoreUnavailable.class)
        .until(() -> store.view(REF, 0) instanceof ViewReply.Found);
  }

  @Test
  void a_server_that_was_restarted_empty_is_cold() {
    openOldEpoch();
    store.admit(admission(REF));
    redis.restartEmpty();
    await()
        .atMost(PATIENCE)
        .ignoreException(StoreUnavailable.class)
        .until(() -> store.produced(REF) == Outcome.COLD);
    assertThat(store.beatGateway("g1", 7).epochMs()).isZero();
    assertThat(store.openEpoch()).isEqualTo(store.openEpoch()).isPositive();
  }

  @Test
  void a_beat_answers_the_counter_before_and_liveness_runs_out_by_itself() {
    assertThat(store.beatGateway("g1", 1).previous()).isEqualTo(-1);
    Beat second = store.beatGateway("g1", 2);
    assertThat(second.previous()).isEqualTo(1);
    assertThat(second.nowMs()).isGreaterThan(1_700_000_000_000L);
    try (Jedis jedis = redis.client()) {
      assertThat(jedis.pttl("gw:g1")).isBetween(1L, TurnStore.GATEWAY_LEASE_MS);
      store.beatWorker("w1", "{\"free\":2}", List.of());
      assertThat(jedis.pttl("wk:w1")).isBetween(1L, TurnStore.WORKER_LEASE_MS);
    }
    await().atMost(PATIENCE).until(() -> store.workers().isEmpty());
  }

  @Test
  void a_closed_turn_leaves_only_a_tombstone_that_runs_out() {
    openOldEpoch();
    store.admit(admission(REF));
    store.cancel(REF);
    HistoryEntry entry = new HistoryEntry("{}", 5, 60_000);
    assertThat(store.delivered(REF, "g1", EndReason.CANCELLED, true, entry)).isEqualTo(Outcome.OK);
    try (Jedis jedis = redis.client()) {
      assertThat(jedis.keys("*"))
          .containsExactlyInAnyOrder("epoch", "t:{chat}:one", "n:{chat}", "h:{chat}");
      assertThat(jedis.pttl("t:{chat}:one")).isBetween(1L, TurnStore.TOMBSTONE_MS);
      assertThat(jedis.pttl("n:{chat}")).isBetween(1L, TurnStore.TOMBSTONE_MS);
      assertThat(jedis.pttl("h:{chat}")).isBetween(1L, 60_000L);
    }
  }

  @Test
  void many_more_callers_than_connections_all_get_their_answer()
      throws InterruptedException, ExecutionException, TimeoutException {
    openOldEpoch();
    List<Future<AdmitReply>> replies = new ArrayList<>();
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 64; i++) {
        TurnRef ref = new TurnRef("chat-" + i, "one");
        replies.add(callers.submit(() -> store.admit(admission(ref))));
      }
      for (Future<AdmitReply> reply : replies) {
        assertThat(reply.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
            .isInstanceOf(AdmitReply.Admitted.class);
      }
    }
  }

  @Test
  void a_full_server_refuses_without_leaving_half_a_turn() {
    openOldEpoch();
    store.admit(admission(REF));
    try (Jedis jedis = redis.client()) {
      jedis.configSet("maxmemory", "1");
      assertThatThrownBy(() -> store.cancel(REF)).isInstanceOf(StoreUnavailable.class);
      assertThatThrownBy(() -> store.admit(admission(new TurnRef("chat", "two"))))
          .isInstanceOf(StoreUnavailable.class);
      jedis.configSet("maxmemory", "0");
      assertThat(jedis.hget("t:{chat}:one", "state")).isEqualTo("READY");
      assertThat(jedis.exists("t:{chat}:two")).isFalse();
    }
    assertThat(store.cancel(REF)).isEqualTo(Outcome.OK);
  }

  @Test
  void a_wrong_server_is_named_with_what_to_do() {
    RedisChecks checks = new RedisChecks(store);
    assertThat(checks.check()).isEmpty();
    assertThat(checks.usedMemoryShare()).isZero();
    try (Jedis jedis = redis.client()) {
      jedis.configSet("maxmemory", "1000mb");
      jedis.configSet("maxmemory-policy", "allkeys-lru");
    }
    assertThat(checks.check())
        .singleElement()
        .satisfies(finding -> assertThat(finding.name()).isEqualTo("redis-eviction"));
    assertThat(checks.usedMemoryShare()).isBetween(0.0001, 0.5);
    assertThat(
            RedisChecks.judge(
                RedisChecks.parse(
                    """
                    redis_version:6.0.16
                    maxmemory_policy:noeviction
                    maxmemory:100
                    used_memory:81
                    """)))
        .extracting(RedisFinding::name)
        .containsExactly("redis-version", "redis-memory");
  }
}
