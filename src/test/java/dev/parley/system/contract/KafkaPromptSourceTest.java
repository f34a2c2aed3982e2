package dev.parley.system.contract;

import java.io.IOException;

/// The contract on a Kafka broker.
class KafkaPromptSourceTest extends PromptSourceContract {
  @Override
  QueueBench newBench() throws IOException {
    return new KafkaQueueBench();
  }
}
