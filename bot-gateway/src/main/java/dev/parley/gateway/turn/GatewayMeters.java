package dev.parley.gateway.turn;

import dev.parley.gateway.chat.Submission.Refusal;
import dev.parley.gateway.chat.TurnEvent;
import dev.parley.shared.wire.EndReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;

/// What the gateway counts and measures. Thread-safe. No label names a user, a chat or a turn.
public final class GatewayMeters implements TurnCounters, TurnProbe.Meters {

  /// The semantic conventions' buckets: 0.01 s, doubled 13 times.
  private static final Duration[] BUCKETS =
      Stream.iterate(Duration.ofMillis(10), d -> d.multipliedBy(2))
          .limit(14)
          .toArray(Duration[]::new);

  /// What the loop shows of itself after each tick.
  record State(int open, int waiting, int inside, boolean live, boolean rebuilding) {}

  private final MeterRegistry registry;
  private final String model;
  private final Counter gapRepaired;
  private final Counter adopted;
  private final Counter asserted;
  private final Counter requeued;
  private final Counter restarted;
  private final Counter ambiguousSend;
  private final Counter undeliverable;
  private final Counter endedAlone;
  private final Counter resubscribed;
  private final Timer firstChunk;
  private volatile State state = new State(0, 0, 0, false, false);

  /// @param model the name that requests ask for, as a label
  public GatewayMeters(MeterRegistry registry, String model) {
    this.registry = registry;
    this.model = model;
    gapRepaired = registry.counter("parley.gap.repairs");
    adopted = registry.counter("parley.turns.adopted");
    asserted = registry.counter("parley.turns.put.back");
    requeued = registry.counter("parley.turns.requeued");
    restarted = registry.counter("parley.turns.restarted");
    resubscribed = registry.counter("parley.resubscriptions");
    ambiguousSend = exception("ambiguous_send");
    undeliverable = exception("undeliverable");
    endedAlone = exception("ended_alone");
    firstChunk = genAi("gen_ai.client.operation.time_to_first_chunk").register(registry);
    Gauge.builder("parley.turns.open", () -> state.open()).register(registry);
    Gauge.builder("parley.turns.waiting", () -> state.waiting()).register(registry);
    Gauge.builder("parley.turns.inside", () -> state.inside()).register(registry);
  }

  /// A written exception to the promise, one name each.
  private Counter exception(String name) {
    return registry.counter("parley.promise.exceptions", "exception", name);
  }

  private Timer.Builder genAi(String name) {
    return Timer.builder(name)
        .tag("gen_ai.operation.name", "chat")
        .tag("gen_ai.provider.name", "parley")
        .tag("gen_ai.request.model", model)
        .serviceLevelObjectives(BUCKETS);
  }

  void state(State now) {
    state = now;
  }

  boolean live() {
    return state.live();
  }

  boolean rebuilding() {
    return state.rebuilding();
  }

  int open() {
    return state.open();
  }

  void refused(Refusal reason) {
    registry.counter("parley.turns.refused", "reason", lower(reason)).increment();
  }

  void resubscribed() {
    resubscribed.increment();
  }

  @Override
  public void firstChunk(Duration time) {
    firstChunk.record(time);
  }

  @Override
  public void ended(Duration time, TurnEvent.Ended end) {
    genAi("gen_ai.client.operation.duration")
        .tag("error.type", end.end().answered() ? "" : lower(end.end()))
        .register(registry)
        .record(time);
  }

  @Override
  public void closed(EndReason end, boolean visible) {
    registry
        .counter("parley.turns.closed", "end", lower(end), "visible", Boolean.toString(visible))
        .increment();
  }

  @Override
  public void gapRepaired() {
    gapRepaired.increment();
  }

  @Override
  public void adopted() {
    adopted.increment();
  }

  @Override
  public void asserted() {
    asserted.increment();
  }

  @Override
  public void requeued() {
    requeued.increment();
  }

  @Override
  public void restarted() {
    restarted.increment();
  }

  @Override
  public void ambiguousSend() {
    ambiguousSend.increment();
  }

  @Override
  public void undeliverable() {
    undeliverable.increment();
  }

  @Override
  public void endedAlone() {
    endedAlone.increment();
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
