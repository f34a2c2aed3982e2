package dev.parley.system.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.gateway.dispatch.DeadLetters;
import dev.parley.gateway.dispatch.PromptSink;
import dev.parley.gateway.kafka.KafkaDeadLetters;
import dev.parley.gateway.kafka.KafkaPromptSink;
import dev.parley.shared.kafka.KafkaProvisioner;
import dev.parley.shared.kafka.KafkaSettings;
import dev.parley.shared.kafka.KafkaTimes;
import dev.parley.shared.kafka.QueueCheck;
import dev.parley.shared.kafka.ShareGroupSettings;
import dev.parley.worker.intake.PromptSource;
import dev.parley.worker.kafka.KafkaPromptSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/// The queue on a broker of its own.
final class KafkaQueueBench implements QueueBench {
  private final TestBroker broker;
  private final KafkaSettings settings;
  private final PromptSource source;
  private final PromptSink sink;
  private final DeadLetters deadLetters;

  KafkaQueueBench() throws IOException {
    broker = TestBroker.start(Map.of("group.share.max.size", Integer.toString(MAX_MEMBERS)));
    settings = settings(broker.bootstrap());
    assertThat(new KafkaProvisioner(settings).provision()).isEqualTo(new QueueCheck.Ready());
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    source = new KafkaPromptSource(settings, registry);
    sink = new KafkaPromptSink(settings, "contract", registry);
    deadLetters = new KafkaDeadLetters(settings, "contract", registry);
  }

  /// Locks that lapse soon, and answers that may be late on a busy machine.
  static KafkaSettings settings(String bootstrap) {
    KafkaTimes times =
        new KafkaTimes(
            Duration.ofMillis(500),
            Duration.ofSeconds(2),
            Duration.ofMillis(500),
            Duration.ofSeconds(4),
            Duration.ofSeconds(4),
            Duration.ofSeconds(2),
            Duration.ofMillis(100),
            Duration.ofSeconds(1));
    ShareGroupSettings group =
        ShareGroupSettings.defaults()
            .withLock(Duration.ofSeconds(3))
            .withDeliveryLimit(DELIVERY_LIMIT);
    return new KafkaSettings(bootstrap, group, times, MAX_RECORD_BYTES);
  }

  @Override
  public PromptSource source() {
    return source;
  }

  @Override
  public PromptSink sink() {
    return sink;
  }

  @Override
  public DeadLetters deadLetters() {
    return deadLetters;
  }

  @Override
  public Duration lock() {
    return settings.group().lock();
  }

  @Override
  public void stopBroker() {
    broker.stop();
  }

  @Override
  public void startBroker() {
    broker.startAgain();
  }

  @Override
  public void close() throws IOException {
    sink.close();
    broker.close();
  }
}
