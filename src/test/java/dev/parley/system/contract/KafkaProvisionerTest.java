package dev.parley.system.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.shared.kafka.Finding;
import dev.parley.shared.kafka.KafkaProvisioner;
import dev.parley.shared.kafka.KafkaSettings;
import dev.parley.shared.kafka.QueueCheck;
import dev.parley.shared.kafka.QueueNames;
import dev.parley.shared.kafka.QueueWatch;
import dev.parley.shared.wire.Lane;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Wrong settings of the cluster are named, missing ones made.
class KafkaProvisionerTest {
  private static final String GROUP = QueueNames.shareGroup(Lane.INTERACTIVE);
  private static final String TOPIC = QueueNames.promptTopic(Lane.BATCH);

  private TestBroker broker;
  private KafkaSettings settings;
  private KafkaProvisioner provisioner;
  private Admin admin;

  @BeforeEach
  void start() throws IOException {
    broker = TestBroker.start(Map.of());
    settings = KafkaQueueBench.settings(broker.bootstrap());
    provisioner = new KafkaProvisioner(settings);
    admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()));
  }

  @AfterEach
  void stop() throws IOException {
    admin.close(Duration.ofSeconds(1));
    broker.close();
  }

  @Test
  void a_fresh_cluster_is_named_unready_then_provisioned_and_stays_ready() {
    assertThat(problems(provisioner.check()))
        .contains(
            "topic %s: does not exist".formatted(TOPIC),
            "topic dlq.parley.prompts: does not exist",
            "share group %s: share.auto.offset.reset is latest, must be earliest".formatted(GROUP));
    assertThat(provisioner.provision()).isEqualTo(new QueueCheck.Ready());
    assertThat(provisioner.check()).isEqualTo(new QueueCheck.Ready());
    assertThat(provisioner.provision()).isEqualTo(new QueueCheck.Ready());
  }

  @Test
  void group_settings_that_somebody_made_are_named_and_left_alone() throws Exception {
    set(ConfigResource.Type.GROUP, GROUP, "share.auto.offset.reset", "latest");
    set(ConfigResource.Type.GROUP, GROUP, "share.renew.acknowledge.enable", "false");
    set(ConfigResource.Type.GROUP, GROUP, "errors.deadletterqueue.copy.record.enable", "false");
    assertThat(problems(provisioner.provision()))
        .containsExactlyInAnyOrder(
            "share group %s: share.auto.offset.reset is latest, must be earliest".formatted(GROUP),
            "share group %s: share.renew.acknowledge.enable is false, must be true"
                .formatted(GROUP),
            "share group %s: errors.deadletterqueue.copy.record.enable is false, must be true"
                .formatted(GROUP));
    assertThat(provisioner.check().describe())
        .contains("kafka-configs.sh --bootstrap-server " + broker.bootstrap())
        .contains("--add-config share.auto.offset.reset=earliest");
  }

  @Test
  void a_topic_that_somebody_made_otherwise_is_named() throws Exception {
    NewTopic many = new NewTopic(TOPIC, 6, (short) 1).configs(Map.of("retention.ms", "60000"));
    admin.createTopics(List.of(many)).all().get(60, TimeUnit.SECONDS);
    NewTopic plain = new NewTopic(QueueNames.DEAD_LETTERS, 1, (short) 1);
    admin.createTopics(List.of(plain)).all().get(60, TimeUnit.SECONDS);
    assertThat(problems(provisioner.provision()).toString())
        .contains(TOPIC + ": has 6 partitions, must have 1")
        .contains(TOPIC + ": retention.ms is 60000, must be at least 86400000")
        .contains("dlq.parley.prompts");
  }

  @Test
  void a_cluster_without_dead_letters_is_told_to_upgrade() throws Exception {
    FeatureUpdate old = new FeatureUpdate((short) 1, FeatureUpdate.UpgradeType.UNSAFE_DOWNGRADE);
    admin
        .updateFeatures(Map.of("share.version", old), new UpdateFeaturesOptions())
        .all()
        .get(60, TimeUnit.SECONDS);
    assertThat(problems(provisioner.provision()))
        .containsExactly(
            "cluster: share.version is 1, must be at least 2 (share groups with dead letters)");
  }

  @Test
  void an_unreachable_broker_is_one_retrying_state_until_it_comes_back() throws Exception {
    broker.stop();
    try (QueueWatch watch = new QueueWatch(provisioner, settings.times(), Duration.ofSeconds(1))) {
      watch.start();
      assertThat(watch.awaitReady(Duration.ofMillis(10)))
          .isInstanceOf(QueueCheck.Unreachable.class);
      assertThat(watch.state().describe()).startsWith("Kafka does not answer");
      broker.startAgain();
      assertThat(watch.awaitReady(Duration.ofSeconds(60))).isEqualTo(new QueueCheck.Ready());
    }
  }

  private static List<String> problems(QueueCheck check) {
    return switch (check) {
      case QueueCheck.Ready() -> List.of();
      case QueueCheck.Unreachable(String reason) -> List.of("unreachable: " + reason);
      case QueueCheck.Misconfigured(List<Finding> findings) ->
          findings.stream().map(f -> f.subject() + ": " + f.problem()).toList();
    };
  }

  private void set(ConfigResource.Type type, String name, String key, String value)
      throws Exception {
    AlterConfigOp op = new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
    admin
        .incrementalAlterConfigs(Map.of(new ConfigResource(type, name), List.of(op)))
        .all()
        .get(60, TimeUnit.SECONDS);
  }
}
