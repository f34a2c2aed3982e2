package dev.parley.shared.redis;

import dev.parley.shared.turn.TurnStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

class RedisTurnStoreContractTest extends TurnStoreContract {

  private static RedisProcess redis;

  private long nowMs = 1_750_000_000_000L;
  private ToldRedis told;

  @BeforeAll
  static void startRedis() {
    redis = RedisProcess.start();
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  @BeforeEach
  void open() {
    told = new ToldRedis(redis);
    told.tell(nowMs);
    told.wipe();
  }

  @AfterEach
  void close() {
    told.close();
  }

  @Override
  TurnStore store() {
    return told.store();
  }

  @Override
  void wipe() {
    told.wipe();
  }

  @Override
  void pass(long ms) {
    nowMs += ms;
    told.tell(nowMs);
  }
}
