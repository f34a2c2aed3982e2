package dev.parley.shared.kafka;

import dev.parley.shared.kafka.ClusterState.Setting;
import dev.parley.shared.kafka.ClusterState.TopicState;
import dev.parley.shared.wire.Lane;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What must hold on the cluster, and the words for what does not. Pure.
final class QueueRules {
  /// Dead letters came with level 2 of the feature; share groups alone with level 1.
  static final int SHARE_VERSION = 2;

  private static final String GROUP_DEAD_LETTERS = "errors.deadletterqueue.group.enable";

  private final KafkaSettings settings;

  QueueRules(KafkaSettings settings) {
    this.settings = settings;
  }

  List<Finding> check(ClusterState state) {
    List<Finding> findings = new ArrayList<>(checkFeature(state));
    for (String topic : QueueNames.promptTopics()) {
      findings.addAll(checkTopic(topic, state));
    }
    findings.addAll(checkTopic(QueueNames.DEAD_LETTERS, state));
    for (Lane lane : Lane.values()) {
      findings.addAll(checkGroup(QueueNames.shareGroup(lane), state));
    }
    return findings;
  }

  List<Finding> checkFeature(ClusterState state) {
    if (state.shareVersion() >= SHARE_VERSION) {
      return List.of();
    }
    return List.of(
        new Finding(
            "cluster",
            "share.version is %d, must be at least %d (share groups with dead letters)"
                .formatted(state.shareVersion(), SHARE_VERSION),
            "use Kafka 4.4 or later and run kafka-features.sh --bootstrap-server %s upgrade --feature share.version=%d"
                .formatted(settings.bootstrap(), SHARE_VERSION)));
  }

  /// The settings of a new topic.
  Map<String, String> topicConfig(String topic) {
    Map<String, String> config = new LinkedHashMap<>();
    config.put("cleanup.policy", "delete");
    config.put("retention.ms", Long.toString(settings.group().retention().toMillis()));
    config.put("max.message.bytes", Integer.toString(messageBytes(topic)));
    if (topic.equals(QueueNames.DEAD_LETTERS)) {
      config.put(GROUP_DEAD_LETTERS, "true");
    }
    return config;
  }

  /// The group settings that nobody set: required and wished ones that differ by default only.
  Map<String, String> unset(Map<String, Setting> group) {
    Map<String, String> missing = new LinkedHashMap<>(settings.group().required());
    missing.putAll(settings.group().wished());
    missing.entrySet().removeIf(wanted -> !isUnset(group.get(wanted.getKey()), wanted.getValue()));
    return missing;
  }

  private static boolean isUnset(@Nullable Setting setting, String wanted) {
    return setting != null && !setting.explicit() && !setting.value().equals(wanted);
  }

  private int messageBytes(String topic) {
    int prompt = settings.maxRecordBytes() + KafkaSettings.RECORD_OVERHEAD_BYTES;
    // A dead letter carries headers above its prompt.
    return topic.equals(QueueNames.DEAD_LETTERS)
        ? prompt + KafkaSettings.RECORD_OVERHEAD_BYTES
        : prompt;
  }

  private List<Finding> checkTopic(String topic, ClusterState state) {
    TopicState found = state.topics().get(topic);
    if (found == null) {
      return List.of(
          new Finding("topic " + topic, "does not exist", "run " + createCommand(topic)));
    }
    List<Finding> findings = new ArrayList<>();
    if (found.partitions() != 1) {
      findings.add(
          new Finding(
              "topic " + topic,
              "has %d partitions, must have 1 (holders would idle beside waiting work)"
                  .formatted(found.partitions()),
              "stop gateways and workers, delete the topic and start again"));
    }
    requireAtLeast(topic, found, "retention.ms", ShareGroupSettings.MIN_RETENTION.toMillis())
        .ifPresent(findings::add);
    requireAtLeast(topic, found, "max.message.bytes", messageBytes(topic)).ifPresent(findings::add);
    requireEqual(topic, found, "cleanup.policy", "delete").ifPresent(findings::add);
    if (topic.equals(QueueNames.DEAD_LETTERS)) {
      requireEqual(topic, found, GROUP_DEAD_LETTERS, "true").ifPresent(findings::add);
    }
    return findings;
  }

  private Optional<Finding> requireAtLeast(
      String topic, TopicState found, String name, long least) {
    String value = found.config().getOrDefault(name, "");
    boolean unlimited = value.equals("-1");
    if (unlimited || (value.matches("\\d{1,18}") && Long.parseLong(value) >= least)) {
      return Optional.empty();
    }
    return Optional.of(topicFinding(topic, name, value, Long.toString(least), "at least "));
  }

  private Optional<Finding> requireEqual(
      String topic, TopicState found, String name, String wanted) {
    String value = found.config().getOrDefault(name, "");
    return value.equals(wanted)
        ? Optional.empty()
        : Optional.of(topicFinding(topic, name, value, wanted, ""));
  }

  private Finding topicFinding(
      String topic, String name, String value, String wanted, String relation) {
    return new Finding(
        "topic " + topic,
        "%s is %s, must be %s%s".formatted(name, shown(value), relation, wanted),
        alterCommand("topics", topic, name, wanted));
  }

  private List<Finding> checkGroup(String group, ClusterState state) {
    Map<String, Setting> found = state.groups().getOrDefault(group, Map.of());
    List<Finding> findings = new ArrayList<>();
    settings
        .group()
        .required()
        .forEach((name, wanted) -> {
          Setting setting = found.get(name);
          if (setting == null || !setting.value().equals(wanted)) {
            findings.add(groupFinding(group, name, setting == null ? "" : setting.value()));
          }
        });
    return findings;
  }

  private Finding groupFinding(String group, String name, String value) {
    String wanted = settings.group().required().getOrDefault(name, "");
    return new Finding(
        "share group " + group,
        "%s is %s, must be %s".formatted(name, shown(value), wanted),
        alterCommand("groups", group, name, wanted));
  }

  private static String shown(String value) {
    return value.isEmpty() ? "not set" : value;
  }

  private String alterCommand(String kind, String entity, String name, String value) {
    return "run kafka-configs.sh --bootstrap-server %s --alter --entity-type %s --entity-name %s --add-config %s=%s"
        .formatted(settings.bootstrap(), kind, entity, name, value);
  }

  private String createCommand(String topic) {
    StringBuilder command =
        new StringBuilder(
            "kafka-topics.sh --bootstrap-server %s --create --topic %s --partitions 1"
                .formatted(settings.bootstrap(), topic));
    topicConfig(topic)
        .forEach(
            (name, value) -> command.append(" --config ").append(name).append('=').append(value));
    return command.toString();
  }
}
