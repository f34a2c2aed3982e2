package dev.parley.shared.kafka;

import dev.parley.shared.wire.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;

/// Creates what the queue needs on the cluster and says what is not as it must be.
///
/// It only adds what nobody set. A topic or a group setting that somebody made differently stays
/// and becomes a [Finding], because a prompt would be lost or stuck under it: with
/// `share.auto.offset.reset` at `latest`, its default, prompts sent before the first worker came
/// are never delivered. So it must have run before the first holder is opened.
///
/// Thread-safe as far as the Kafka admin client is; calls block for at most the request timeout
/// each.
public final class KafkaProvisioner {
  /// How long a change may take to be seen on the broker that is asked next.
  private static final Duration SETTLE = Duration.ofSeconds(3);

  private static final Duration SETTLE_STEP = Duration.ofMillis(50);

  private final KafkaSettings settings;
  private final QueueRules rules;

  public KafkaProvisioner(KafkaSettings settings) {
    this.settings = settings;
    this.rules = new QueueRules(settings);
  }

  /// Creates and sets what is missing, then checks everything.
  public QueueCheck provision() {
    return withAdmin(this::provision);
  }

  /// Checks and changes nothing.
  public QueueCheck check() {
    return withAdmin(admin -> verdict(rules.check(read(admin))));
  }

  private interface Work {
    QueueCheck run(Admin admin) throws ExecutionException, TimeoutException, InterruptedException;
  }

  private QueueCheck withAdmin(Work work) {
    try (Admin admin = Admin.create(adminConfig())) {
      return work.run(admin);
    } catch (TimeoutException e) {
      return new QueueCheck.Unreachable("no answer from " + settings.bootstrap());
    } catch (ExecutionException e) {
      return failure(e.getCause() == null ? e : e.getCause());
    } catch (KafkaException e) {
      return failure(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new QueueCheck.Unreachable("interrupted");
    }
  }

  private QueueCheck failure(Throwable error) {
    boolean mayPass = error instanceof RetriableException || !(error instanceof ApiException);
    if (mayPass) {
      return new QueueCheck.Unreachable(settings.bootstrap() + ": " + reason(error));
    }
    return verdict(List.of(refused("cluster", error)));
  }

  private Map<String, Object> adminConfig() {
    Map<String, Object> config = settings.clientConfig("parley-provisioner");
    config.put("default.api.timeout.ms", config.get("request.timeout.ms"));
    return config;
  }

  private QueueCheck provision(Admin admin)
      throws ExecutionException, TimeoutException, InterruptedException {
    ClusterState before = read(admin);
    List<Finding> refusals = new ArrayList<>(rules.checkFeature(before));
    if (!refusals.isEmpty()) {
      return verdict(refusals);
    }
    boolean changed = false;
    List<String> topics = new ArrayList<>(QueueNames.promptTopics());
    topics.add(QueueNames.DEAD_LETTERS);
    topics.removeAll(before.topics().keySet());
    for (String topic : topics) {
      create(admin, topic).ifPresent(refusals::add);
      changed = true;
    }
    for (Lane lane : Lane.values()) {
      String group = QueueNames.shareGroup(lane);
      Map<String, String> unset = rules.unset(before.groups().getOrDefault(group, Map.of()));
      if (!unset.isEmpty()) {
        set(admin, group, unset).ifPresent(refusals::add);
        changed = true;
      }
    }
    return refusals.isEmpty() ? settled(admin, changed) : verdict(refusals);
  }

  /// A change is committed when the call returns, and seen by the broker a moment later.
  private QueueCheck settled(Admin admin, boolean changed)
      throws ExecutionException, TimeoutException, InterruptedException {
    long end = System.nanoTime() + (changed ? SETTLE.toNanos() : 0);
    List<Finding> findings = rules.check(read(admin));
    while (!findings.isEmpty()
        && System.nanoTime() < end
        && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(SETTLE_STEP.toNanos());
      findings = rules.check(read(admin));
    }
    return verdict(findings);
  }

  private static QueueCheck verdict(List<Finding> findings) {
    return findings.isEmpty() ? new QueueCheck.Ready() : new QueueCheck.Misconfigured(findings);
  }

  private Optional<Finding> create(Admin admin, String topic)
      throws TimeoutException, InterruptedException, ExecutionException {
    NewTopic wanted =
        new NewTopic(topic, Optional.of(1), Optional.empty()).configs(rules.topicConfig(topic));
    try {
      await(admin.createTopics(List.of(wanted)).all());
      return Optional.empty();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicExistsException) {
        // Another process was faster.
        return Optional.empty();
      }
      return refusal("topic " + topic, e);
    }
  }

  private Optional<Finding> set(Admin admin, String group, Map<String, String> values)
      throws TimeoutException, InterruptedException, ExecutionException {
    List<AlterConfigOp> operations =
        values.entrySet().stream()
            .map(e -> new ConfigEntry(e.getKey(), e.getValue()))
            .map(entry -> new AlterConfigOp(entry, AlterConfigOp.OpType.SET))
            .toList();
    ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
    try {
      await(admin.incrementalAlterConfigs(Map.of(resource, operations)).all());
      return Optional.empty();
    } catch (ExecutionException e) {
      return refusal("share group " + group, e);
    }
  }

  /// What the broker will not do for us is a finding; what may pass is thrown on.
  private static Optional<Finding> refusal(String subject, ExecutionException error)
      throws ExecutionException {
    Throwable cause = error.getCause();
    if (cause == null || cause instanceof RetriableException) {
      throw error;
    }
    return Optional.of(refused(subject, cause));
  }

  private static Finding refused(String subject, Throwable error) {
    return new Finding(
        subject,
        "the broker refused: " + reason(error),
        "give this client the right to do it, or set it up by hand as the README's Kafka section"
            + " says");
  }

  private static String reason(Throwable error) {
    String message = error.getMessage();
    return message == null ? error.getClass().getSimpleName() : message;
  }

  private <T> T await(KafkaFuture<T> future)
      throws ExecutionException, TimeoutException, InterruptedException {
    return future.get(settings.times().requestTimeout().toMillis(), TimeUnit.MILLISECONDS);
  }

  private ClusterState read(Admin admin)
      throws ExecutionException, TimeoutException, InterruptedException {
    return new ClusterReader(admin, settings.times().requestTimeout()).read();
  }
}
