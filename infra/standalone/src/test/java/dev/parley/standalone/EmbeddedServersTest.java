package dev.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;

class EmbeddedServersTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @TempDir private Path directory;

  @Test
  void kafka_finds_its_topics_and_its_port_again_after_kill_nine()
      throws InterruptedException, ExecutionException {
    var log = directory.resolve("kafka.log");
    var before = EmbeddedKafka.in(directory.resolve("kafka"), log, Map.of());
    try (var child = before.start()) {
      before.awaitReady(child, LIMIT);
      try (var admin = admin(before)) {
        admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1))).all().get();
      }
      child.kill();
    }
    var after = EmbeddedKafka.in(directory.resolve("kafka"), log, Map.of());
    assertThat(after.bootstrapServers()).isEqualTo(before.bootstrapServers());
    try (var child = after.start()) {
      after.awaitReady(child, LIMIT);
      try (var admin = admin(after)) {
        assertThat(admin.listTopics().names().get()).contains("kept");
        var features = admin.describeFeatures().featureMetadata().get().finalizedFeatures();
        assertThat(features)
            .extractingByKey("share.version")
            .extracting(range -> range.maxVersionLevel())
            .isEqualTo((short) 2);
      }
    }
  }

  @Test
  void redis_finds_its_keys_again_after_a_restart_and_loses_them_when_wiped() throws Exception {
    var log = directory.resolve("redis.log");
    var redis = EmbeddedRedis.in(directory.resolve("redis"), log);
    try (var child = redis.start()) {
      redis.awaitReady(child, LIMIT);
      try (var client = RedisClient.create(redis.url())) {
        client.set("kept", "yes");
        assertThat(client.configGet("maxmemory-policy"))
            .containsEntry("maxmemory-policy", "noeviction");
        assertThat(client.configGet("bind")).containsEntry("bind", "127.0.0.1");
      }
    }
    var again = EmbeddedRedis.in(directory.resolve("redis"), log);
    assertThat(again.url()).isEqualTo(redis.url());
    try (var child = again.start()) {
      again.awaitReady(child, LIMIT);
      try (var client = RedisClient.create(again.url())) {
        assertThat(client.get("kept")).isEqualTo("yes");
      }
    }
    again.wipe();
    try (var child = again.start()) {
      again.awaitReady(child, LIMIT);
      try (var client = RedisClient.create(again.url())) {
        assertThat(client.get("kept")).isNull();
      }
    }
    assertThat(Files.readString(log)).contains("Ready to accept connections");
  }

  private static Admin admin(EmbeddedKafka kafka) {
    return Admin.create(
        Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()));
  }
}
