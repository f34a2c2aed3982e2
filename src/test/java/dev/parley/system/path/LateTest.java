package dev.parley.system.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.shared.kafka.QueueNames;
import dev.parley.shared.wire.Lane;
import dev.parley.standalone.Node;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

/// What happens before a worker comes: deadlines that pass, and a group that is set up wrongly (rows
/// K4, K7).
final class LateTest {
  @Test
  void a_turn_without_a_worker_ends_with_an_apology_and_costs_the_worker_nothing() {
    try (Cluster cluster = Cluster.start("late", 1, 0, Map.of("PARLEY_TURN_DEADLINE", "15s"))) {
      Chat.Sent late = cluster.chat(0).send("K7 please write 30 words");

      JsonNode end = late.reader().awaitEnd();

      assertThat(end.get("end").textValue()).isEqualTo("EXPIRED");
      assertThat(end.get("sentence").textValue()).startsWith("Sorry");
      assertThat(late.reader().text()).isEmpty();
      Node worker = cluster.addWorker().awaitReady();
      assertThat(cluster.chat(0).send("K7 and then 20 words").answer())
          .isEqualTo(Chat.expected("K7 and then 20 words"));
      assertThat(worker.metric("parley_turns_started_total")).isEqualTo(1);
      assertThat(cluster.turn(late.ref()).starts()).isZero();
    }
  }

  @Test
  void a_group_that_would_lose_prompts_keeps_everybody_from_being_ready_and_is_named()
      throws Exception {
    try (Cluster cluster = Cluster.servers("settings", Map.of())) {
      set(cluster, "share.auto.offset.reset", "latest");
      for (Node node : List.of(cluster.addGateway(), cluster.addWorker())) {
        await(node.name() + " names the setting")
            .atMost(Node.START_LIMIT)
            .until(
                () -> node.get("/health/ready"),
                said -> said.startsWith("503") && said.contains("share.auto.offset.reset"));
      }

      set(cluster, "share.auto.offset.reset", "earliest");

      cluster.awaitReady();
      assertThat(cluster.chat(0).send("K4 20 words").answer())
          .isEqualTo(Chat.expected("K4 20 words"));
    }
  }

  private static void set(Cluster cluster, String name, String value) throws Exception {
    var group =
        new ConfigResource(ConfigResource.Type.GROUP, QueueNames.shareGroup(Lane.INTERACTIVE));
    var change = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    try (Admin admin =
        Admin.create(
            Map.<String, Object>of("bootstrap.servers", cluster.servers().bootstrapServers()))) {
      var _ = admin.incrementalAlterConfigs(Map.of(group, List.of(change))).all().get();
    }
  }
}
