package dev.parley.shared.kafka;

import static java.util.Objects.requireNonNull;

import dev.parley.shared.kafka.ClusterState.Setting;
import dev.parley.shared.kafka.ClusterState.TopicState;
import dev.parley.shared.wire.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// Asks the cluster for its [ClusterState].
final class ClusterReader {
  private final Admin admin;
  private final Duration timeout;

  ClusterReader(Admin admin, Duration timeout) {
    this.admin = admin;
    this.timeout = timeout;
  }

  ClusterState read() throws ExecutionException, TimeoutException, InterruptedException {
    FinalizedVersionRange share =
        await(admin.describeFeatures().featureMetadata()).finalizedFeatures().get("share.version");
    return new ClusterState(
        share == null ? 0 : share.maxVersionLevel(), readTopics(), readGroups());
  }

  private Map<String, TopicState> readTopics()
      throws ExecutionException, TimeoutException, InterruptedException {
    List<String> names = new ArrayList<>(QueueNames.promptTopics());
    names.add(QueueNames.DEAD_LETTERS);
    Map<String, TopicState> topics = new HashMap<>();
    for (String name : names) {
      Optional<TopicDescription> topic = describe(name);
      if (topic.isPresent()) {
        Map<String, String> config = new HashMap<>();
        for (ConfigEntry entry : readConfig(ConfigResource.Type.TOPIC, name)) {
          config.put(entry.name(), entry.value());
        }
        topics.put(name, new TopicState(topic.get().partitions().size(), config));
      }
    }
    return topics;
  }

  private Optional<TopicDescription> describe(String topic)
      throws ExecutionException, TimeoutException, InterruptedException {
    try {
      Map<String, TopicDescription> found =
          await(admin.describeTopics(List.of(topic)).allTopicNames());
      return Optional.ofNullable(found.get(topic));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Map<String, Map<String, Setting>> readGroups()
      throws ExecutionException, TimeoutException, InterruptedException {
    Map<String, Map<String, Setting>> groups = new HashMap<>();
    for (Lane lane : Lane.values()) {
      String group = QueueNames.shareGroup(lane);
      Map<String, Setting> found = new HashMap<>();
      for (ConfigEntry entry : readConfig(ConfigResource.Type.GROUP, group)) {
        boolean explicit = entry.source() == ConfigEntry.ConfigSource.DYNAMIC_GROUP_CONFIG;
        found.put(entry.name(), new Setting(entry.value() == null ? "" : entry.value(), explicit));
      }
      groups.put(group, found);
    }
    return groups;
  }

  private Iterable<ConfigEntry> readConfig(ConfigResource.Type type, String name)
      throws ExecutionException, TimeoutException, InterruptedException {
    ConfigResource resource = new ConfigResource(type, name);
    Map<ConfigResource, Config> found = await(admin.describeConfigs(List.of(resource)).all());
    return requireNonNull(found.get(resource)).entries();
  }

  private <T> T await(KafkaFuture<T> future)
      throws ExecutionException, TimeoutException, InterruptedException {
    return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }
}
