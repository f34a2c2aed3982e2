package dev.parley.system.contract;

import dev.parley.gateway.dispatch.DeadLetters;
import dev.parley.gateway.dispatch.PromptSink;
import dev.parley.worker.intake.PromptSource;
import java.io.IOException;
import java.time.Duration;

/// A queue under test with both its ends, fresh for each test.
interface QueueBench extends AutoCloseable {
  /// Deliveries after which a prompt becomes a dead letter.
  int DELIVERY_LIMIT = 3;

  /// Holders that a lane's group takes.
  int MAX_MEMBERS = 4;

  /// The largest prompt, key and value together.
  int MAX_RECORD_BYTES = 64 << 10;

  PromptSource source();

  PromptSink sink();

  DeadLetters deadLetters();

  /// How long a delivery lasts without a renewal.
  Duration lock();

  void stopBroker();

  void startBroker();

  @Override
  void close() throws IOException;
}
