package dev.parley.system.contract;

/// The contract on the queue in memory.
class FakeDeadLettersTest extends DeadLettersContract {
  @Override
  QueueBench newBench() {
    return new FakeQueueBench();
  }
}
