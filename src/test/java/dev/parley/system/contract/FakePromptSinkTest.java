package dev.parley.system.contract;

/// The contract on the queue in memory.
class FakePromptSinkTest extends PromptSinkContract {
  @Override
  QueueBench newBench() {
    return new FakeQueueBench();
  }
}
