package dev.parley.worker.kafka;

import dev.parley.shared.kafka.KafkaSettings;
import dev.parley.shared.kafka.QueueNames;
import dev.parley.shared.wire.Lane;
import dev.parley.worker.intake.PromptHolder;
import dev.parley.worker.intake.PromptSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Opens holders on the lanes' share groups.
public final class KafkaPromptSource implements PromptSource {
  private final KafkaSettings settings;
  private final HolderMeters meters;
  private final Map<String, String> troubles = new ConcurrentHashMap<>();

  public KafkaPromptSource(KafkaSettings settings, MeterRegistry registry) {
    this.settings = settings;
    this.meters = new HolderMeters(registry);
  }

  @Override
  public PromptHolder open(Lane lane, String name) {
    return new KafkaPromptHolder(
        lane,
        settings.times(),
        () -> new KafkaShareConsumer<>(config(lane, name)),
        meters,
        trouble -> tell(name, trouble));
  }

  @Override
  public Set<String> troubles() {
    return new TreeSet<>(troubles.values());
  }

  private void tell(String name, String trouble) {
    if (trouble.isEmpty()) {
      troubles.remove(name);
    } else {
      troubles.put(name, trouble);
    }
  }

  private Map<String, Object> config(Lane lane, String name) {
    Map<String, Object> config = settings.clientConfig(name);
    config.put("group.id", QueueNames.shareGroup(lane));
    config.put("key.deserializer", ByteArrayDeserializer.class);
    config.put("value.deserializer", ByteArrayDeserializer.class);
    config.put("share.acknowledgement.mode", "explicit");
    // One record a fetch, and none fetched ahead: what waits must wait where others can take it.
    config.put("share.acquire.mode", "record_limit");
    config.put("max.poll.records", 1);
    config.put("fetch.max.wait.ms", Math.toIntExact(settings.times().fetchMaxWait().toMillis()));
    config.put("fetch.max.bytes", settings.maxRecordBytes());
    config.put(
        "default.api.timeout.ms", Math.toIntExact(settings.times().requestTimeout().toMillis()));
    return config;
  }
}
