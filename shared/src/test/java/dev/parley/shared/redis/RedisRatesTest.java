package dev.parley.shared.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.shared.redis.RedisRates.Rate;
import dev.parley.shared.redis.RedisRates.Reply;
import dev.parley.shared.redis.RedisRates.Verdict;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Rates so slow that no time passes, for them, while a test runs.
final class RedisRatesTest {
  private static final long HOUR_MS = 3_600_000;
  private static final Rate ALL = new Rate("all", HOUR_MS, 4);

  private RedisProcess redis;
  private RedisRates rates;
  private RedisRates others;

  @BeforeEach
  void start() {
    redis = RedisProcess.start();
    rates = new RedisRates(redis.settings());
    others = new RedisRates(redis.settings());
  }

  @AfterEach
  void stop() {
    rates.close();
    others.close();
    redis.close();
  }

  @Test
  void a_burst_passes_then_each_waits_and_processes_share_it() {
    assertThat(rates.take(chat("a"), ALL, 4).verdict()).isEqualTo(Verdict.GO);
    assertThat(others.take(chat("a"), ALL, 4).verdict()).isEqualTo(Verdict.GO);

    Reply third = rates.take(chat("a"), ALL, 4);

    assertThat(third.verdict()).isEqualTo(Verdict.ONE_BUSY);
    assertThat(third.waitMs()).isBetween(1L, HOUR_MS);
    assertThat(others.take(chat("b"), ALL, 4).verdict()).isEqualTo(Verdict.GO);
  }

  @Test
  void who_may_use_less_of_a_burst_waits_longer() {
    assertThat(rates.take(chat("a"), ALL, 1).verdict()).isEqualTo(Verdict.GO);

    assertThat(rates.take(chat("a"), ALL, 1).verdict()).isEqualTo(Verdict.ONE_BUSY);
    assertThat(rates.take(chat("a"), ALL, 2).verdict()).isEqualTo(Verdict.GO);
  }

  @Test
  void what_all_have_used_is_there_for_nobody_and_counts_for_nobody() {
    for (String name : new String[] {"a", "b", "c", "d"}) {
      assertThat(rates.take(chat(name), ALL, 4).verdict()).isEqualTo(Verdict.GO);
    }

    assertThat(rates.take(chat("e"), ALL, 4).verdict()).isEqualTo(Verdict.ALL_BUSY);
    assertThat(rates.take(chat("e"), new Rate("others", HOUR_MS, 4), 4).verdict())
        .isEqualTo(Verdict.GO);
  }

  @Test
  void one_that_is_held_waits_even_if_it_had_done_nothing() {
    rates.hold(chat("a"), 50_000);

    Reply held = others.take(chat("a"), ALL, 4);

    assertThat(held.verdict()).isEqualTo(Verdict.ONE_BUSY);
    assertThat(held.waitMs()).isBetween(40_000L, 50_000L);
  }

  private static Rate chat(String name) {
    return new Rate(name, HOUR_MS, 2);
  }
}
