package dev.parley.worker;

import dev.parley.shared.config.Config;
import dev.parley.shared.config.Connections;
import dev.parley.shared.config.HttpBind;
import dev.parley.shared.config.ModelName;
import dev.parley.shared.config.Setting;
import dev.parley.shared.config.Settings;
import dev.parley.shared.kafka.KafkaProvisioner;
import dev.parley.shared.kafka.KafkaSettings;
import dev.parley.shared.kafka.QueueWatch;
import dev.parley.shared.redis.RedisChannels;
import dev.parley.shared.redis.RedisSettings;
import dev.parley.shared.redis.RedisTurnStore;
import dev.parley.shared.redis.RedisUrls;
import dev.parley.shared.runtime.HttpServer;
import dev.parley.shared.runtime.Lifecycle;
import dev.parley.shared.runtime.Management;
import dev.parley.shared.runtime.Metrics;
import dev.parley.shared.runtime.Readiness;
import dev.parley.shared.runtime.ServerMain;
import dev.parley.shared.turn.Channels;
import dev.parley.worker.engine.Engine;
import dev.parley.worker.engine.StepWatchdog;
import dev.parley.worker.intake.HolderLimits;
import dev.parley.worker.intake.Intake;
import dev.parley.worker.intake.IntakeLimits;
import dev.parley.worker.intake.IntakeMeters;
import dev.parley.worker.intake.Liveness;
import dev.parley.worker.kafka.KafkaPromptSource;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Wires a worker: health and metrics, Redis and Kafka, engine, intake. They stop in the reverse
/// order, after the drain.
final class WorkerMain {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerMain.class);

  /// Beyond the drain: the hand-over, closing, giving the model back.
  private static final Duration STOP_MARGIN = Duration.ofSeconds(15);

  private static final Duration QUEUE_RECHECK = Duration.ofSeconds(30);

  /// A beat must be answered, or given up, well within the lease, ms.
  private static final int BEAT_TIMEOUT_MS = 400;

  private final Config config;
  private final Lifecycle lifecycle;
  private final String worker =
      "w" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  private final RedisSettings redis;
  private final KafkaSettings kafka;
  private final HolderLimits holders;
  private final Readiness readiness = new Readiness();
  private final AtomicBoolean draining = new AtomicBoolean();
  private volatile Supplier<Optional<String>> engineTrouble = () -> missing("is being loaded");

  private WorkerMain(Config config, Lifecycle lifecycle) {
    this.config = config;
    this.lifecycle = lifecycle;
    Connections connections = Connections.from(config);
    this.redis = RedisUrls.settings(connections.redis());
    this.kafka = KafkaSettings.defaults(connections.kafka());
    int slots = config.get(Settings.SLOTS);
    this.holders =
        new HolderLimits(
            slots,
            config.find(Settings.HOLD_EXTRA).orElse(HolderLimits.defaultExtra(slots)),
            config.get(Settings.HOLD_BATCH));
  }

  /// Runs a worker until it is told to stop.
  ///
  /// @return exit code
  static int run(Map<Setting<?>, String> options) {
    Duration grace = Config.load(System.getenv(), options).get(Settings.DRAIN).plus(STOP_MARGIN);
    return ServerMain.run(
        "worker", options, grace, (config, parts) -> new WorkerMain(config, parts).start());
  }

  private void start() {
    Metrics metrics = lifecycle.started("metrics", Metrics.create());
    serveManagement(metrics);
    QueueWatch queue =
        lifecycle.started(
            "queue watch",
            new QueueWatch(new KafkaProvisioner(kafka), kafka.times(), QUEUE_RECHECK));
    readiness.add("kafka", () -> missing(queue));
    Liveness liveness = liveness();
    Intake intake = intake(metrics, queue, liveness);
    Engine engine = startEngine(intake);
    LOG.info("worker {}: {}", worker, engine.info());
    queue.start();
    lifecycle.started("intake", intake);
    intake.start(engine);
    lifecycle.started(
        "control channel",
        new RedisChannels(redis).subscribe(Channels.ofWorker(worker), new ControlChannel(intake)));
    lifecycle.atStop("drain", () -> drain(intake));
  }

  private void serveManagement(Metrics metrics) {
    readiness.add("engine", () -> engineTrouble.get());
    readiness.add("drain", () -> missing(draining.get() ? "this worker is stopping" : ""));
    HttpServer server =
        lifecycle.started(
            "management", new Management(readiness, metrics).serve(HttpBind.worker(config)));
    LOG.info("health and metrics: http://{}:{}", config.get(Settings.HOST), server.port());
  }

  private Liveness liveness() {
    RedisTurnStore beats =
        lifecycle.started(
            "beats",
            new RedisTurnStore(
                redis.withCallLimits(BEAT_TIMEOUT_MS, BEAT_TIMEOUT_MS, 1, BEAT_TIMEOUT_MS)));
    Liveness liveness = new Liveness(beats, worker, WorkerMain::nowMs);
    readiness.add("redis", () -> missing(liveness.trouble()));
    return liveness;
  }

  private Intake intake(Metrics metrics, QueueWatch queue, Liveness liveness) {
    RedisTurnStore store = lifecycle.started("redis", new RedisTurnStore(redis));
    KafkaPromptSource source = new KafkaPromptSource(kafka, metrics.registry());
    readiness.add("queue", () -> missing(String.join("; ", source.troubles())));
    return new Intake(
        new Intake.Parts(
            worker,
            source,
            store,
            liveness,
            new IntakeMeters(metrics, ModelName.of(config)),
            mayTake(queue),
            WorkerMain::nowMs,
            problem -> Runtime.getRuntime().halt(StepWatchdog.EXIT_CODE)),
        holders,
        limits());
  }

  /// Once the queue was found in order, its holders see for themselves what becomes of it; before,
  /// a first member would fix the group's start at the wrong place. While the engine is in trouble its
  /// prompts are better left to others.
  private BooleanSupplier mayTake(QueueWatch queue) {
    AtomicBoolean found = new AtomicBoolean();
    return () -> {
      if (!found.get() && queue.state().ready()) {
        found.set(true);
      }
      return found.get() && engineTrouble.get().isEmpty();
    };
  }

  private IntakeLimits limits() {
    IntakeLimits base = IntakeLimits.DEFAULT;
    return new IntakeLimits(
        kafka.times().renewPeriod().toMillis(),
        kafka.group().lock().toMillis(),
        base.leaseMs(),
        config.get(Settings.COALESCE).toMillis(),
        base.gotMs(),
        base.gotPollMs(),
        base.checkMs(),
        base.retryMs(),
        base.retryMaxMs(),
        base.maxCrashes());
  }

  private Engine startEngine(Intake intake) {
    int maxWaiting = holders.slots() + holders.extra() + holders.batch();
    Engine engine =
        lifecycle.started("engine", EngineChoice.start(config, maxWaiting, intake::onStep));
    lifecycle.started(
        "watchdog", StepWatchdog.start(engine, DeviceDefaults.of(config).maxStep(config)));
    engineTrouble = engine::trouble;
    return engine;
  }

  private void drain(Intake intake) throws InterruptedException {
    draining.set(true);
    intake.drain(config.get(Settings.DRAIN));
  }

  private static Optional<String> missing(QueueWatch queue) {
    return missing(queue.state().ready() ? "" : queue.state().describe());
  }

  private static Optional<String> missing(String trouble) {
    return trouble.isEmpty() ? Optional.empty() : Optional.of(trouble);
  }

  private static long nowMs() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }
}
