package dev.parley.worker.intake;

import dev.parley.shared.runtime.Metrics;
import dev.parley.shared.wire.EndReason;
import dev.parley.shared.wire.WorkerLoad;
import dev.parley.worker.engine.Engine;
import dev.parley.worker.engine.EngineMeters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// What a worker measures about prompts.
public final class IntakeMeters {
  private static final Duration[] QUEUE_BUCKETS =
      java.util.stream.LongStream.of(1, 2, 5, 10, 20, 50, 100, 250, 500, 1_000, 5_000, 30_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private static final Duration[] APPEND_BUCKETS =
      java.util.stream.LongStream.of(100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 500_000)
          .mapToObj(micros -> Duration.ofNanos(micros * 1_000))
          .toArray(Duration[]::new);

  private final MeterRegistry registry;
  final Counter started;
  final Counter resumed;
  final Counter fenced;
  final Counter gapResent;
  final Counter restored;
  final Counter dropped;
  final Counter tooOld;
  final Counter lockLost;
  final Counter deadLettered;
  final Timer queueTime;
  final Timer firstToken;
  final Timer perToken;
  final Timer duration;
  final Timer toAppend;
  private final Timer appendTrip;

  /// @param model named in the gen_ai meters
  public IntakeMeters(Metrics metrics, String model) {
    registry = metrics.registry();
    started = counter("parley.turns.started", "Turns begun, continued ones included.");
    resumed = counter("parley.turns.resumed", "Turns continued where another attempt broke off.");
    fenced = counter("parley.writes.fenced", "Writes refused: another attempt owns the turn.");
    gapResent = counter("parley.gaps.resent", "Deltas sent again that Redis had forgotten.");
    restored = counter("parley.turns.restored", "Turns put back into an emptied Redis.");
    dropped = counter("parley.prompts.dropped", "Second records of turns that others answer.");
    tooOld = counter("parley.prompts.too.old", "Records past their deadline of unknown turns.");
    lockLost = counter("parley.prompts.lock.lost", "Records whose lock lapsed under the work.");
    deadLettered =
        counter("parley.prompts.dead.lettered", "Unreadable records that were rejected.");
    queueTime = timer("parley.queue.time", "From the record's time to its claim.", QUEUE_BUCKETS);
    toAppend = timer("parley.append.delay", "From an engine step to its append.", APPEND_BUCKETS);
    appendTrip =
        timer("parley.append.round.trip", "One pipelined round trip to Redis.", APPEND_BUCKETS);
    firstToken = metrics.timeToFirstToken(model);
    perToken = metrics.timePerOutputToken(model);
    duration = metrics.requestDuration(model);
  }

  /// The time of one answered append round trip.
  public void appended(long nanos) {
    appendTrip.record(nanos, TimeUnit.NANOSECONDS);
  }

  void ended(EndReason reason) {
    registry
        .counter("parley.turns.generated", "reason", reason.name().toLowerCase(Locale.ROOT))
        .increment();
  }

  void watch(Supplier<WorkerLoad> load, Engine engine) {
    gauge("parley.slots", "Answers that can be written at once.", () -> load.get().slots());
    gauge("parley.slots.free", "Slots that nothing held will take.", () -> load.get().free());
    gauge("parley.prompts.held", "Prompts in this worker's hands.", () -> load.get().held());
    gauge("parley.prompts.waiting", "Held prompts without a slot.", () -> load.get().waiting());
    EngineMeters.bind(engine, registry);
  }

  void gauge(String name, String what, Supplier<Number> value) {
    Gauge.builder(name, value).description(what).register(registry);
  }

  private Counter counter(String name, String what) {
    return Counter.builder(name).description(what).register(registry);
  }

  private Timer timer(String name, String what, Duration[] buckets) {
    return Timer.builder(name).description(what).serviceLevelObjectives(buckets).register(registry);
  }
}
