package dev.parley.system.contract;

import java.io.IOException;

/// The contract on a Kafka broker.
class KafkaPromptSinkTest extends PromptSinkContract {
  @Override
  QueueBench newBench() throws IOException {
    return new KafkaQueueBench();
  }
}
