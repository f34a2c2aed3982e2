package dev.parley.system.contract;

import java.io.IOException;

/// The contract on a Kafka broker.
class KafkaDeadLettersTest extends DeadLettersContract {
  @Override
  QueueBench newBench() throws IOException {
    return new KafkaQueueBench();
  }
}
