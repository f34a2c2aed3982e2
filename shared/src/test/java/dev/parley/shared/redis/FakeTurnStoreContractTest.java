package dev.parley.shared.redis;

import dev.parley.shared.testing.FakeTurnStore;
import dev.parley.shared.turn.TurnStore;

class FakeTurnStoreContractTest extends TurnStoreContract {

  private long nowMs = 1_750_000_000_000L;
  private final FakeTurnStore store = new FakeTurnStore(() -> nowMs, (channel, message) -> 1);

  @Override
  TurnStore store() {
    return store;
  }

  @Override
  void wipe() {
    store.wipe();
  }

  @Override
  void pass(long ms) {
    nowMs += ms;
  }
}
