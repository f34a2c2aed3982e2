package dev.parley.system.contract;

/// The contract on the queue in memory.
class FakePromptSourceTest extends PromptSourceContract {
  @Override
  QueueBench newBench() {
    return new FakeQueueBench();
  }
}
