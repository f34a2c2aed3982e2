package dev.parley.worker.openai;

import dev.parley.shared.wire.EndReason;
import dev.parley.worker.engine.EngineLoad;
import dev.parley.worker.engine.EngineOutput;
import dev.parley.worker.engine.EngineRequest;
import dev.parley.worker.engine.EngineTotals;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.micrometer.tagged.TaggedCircuitBreakerMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The requests that an engine holds: who is called when, and what is said about them. First come, first
/// called; who waits to be called again lets others pass.
///
/// A plain machine: not thread-safe, its clock is given, [Calls] are its way out. The circuit breaker stands
/// before each call: five of ten that fail before their first piece open it for five seconds, then one call
/// tries. What is held waits meanwhile.
final class RemoteRequests {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteRequests.class);

  static final int BREAKER_WINDOW = 10;
  static final int BREAKER_LEAST_CALLS = 5;
  static final Duration BREAKER_OPEN = Duration.ofSeconds(5);
  private static final float BREAKER_FAILED_PERCENT = 50;

  /// How often an open breaker is asked.
  private static final long RECHECK_NANOS = Duration.ofMillis(250).toNanos();

  private final RemoteSettings settings;
  private final Calls calls;
  private final ServerHealth health;
  private final LongSupplier nanoTime;
  private final CircuitBreakerRegistry breakers;
  private final CircuitBreaker breaker;
  private final Map<String, RemoteRequest> held = new LinkedHashMap<>();
  private List<EngineOutput> outputs = new ArrayList<>();
  private EngineTotals totals = EngineTotals.NONE;
  private long recheckNanos = Long.MAX_VALUE;
  private boolean uncounted;

  RemoteRequests(RemoteSettings settings, Calls calls, ServerHealth health, LongSupplier nanoTime) {
    this.settings = settings;
    this.calls = calls;
    this.health = health;
    this.nanoTime = nanoTime;
    this.breakers = breakers(nanoTime);
    this.breaker = breakers.circuitBreaker("remote engine");
  }

  /// On the same clock as everything else, which nobody sets back.
  private static CircuitBreakerRegistry breakers(LongSupplier nanoTime) {
    InstantSource clock = () -> Instant.EPOCH.plusNanos(nanoTime.getAsLong());
    return CircuitBreakerRegistry.of(
        CircuitBreakerConfig.custom()
            .slidingWindowType(SlidingWindowType.COUNT_BASED)
            .slidingWindowSize(BREAKER_WINDOW)
            .minimumNumberOfCalls(BREAKER_LEAST_CALLS)
            .failureRateThreshold(BREAKER_FAILED_PERCENT)
            .waitDurationInOpenState(BREAKER_OPEN)
            .permittedNumberOfCallsInHalfOpenState(1)
            .clock(clock.withZone(ZoneOffset.UTC))
            .build());
  }

  void submit(EngineRequest request) {
    held.put(request.id(), new RemoteRequest(request, settings, nanoTime.getAsLong()));
  }

  /// Has no effect on an unknown id.
  void cancel(String id) {
    RemoteRequest request = held.get(id);
    if (request != null) {
      if (request.called() && !request.answering()) {
        breaker.releasePermission();
      }
      end(request, EndReason.CANCELLED, Optional.empty(), "");
    }
  }

  /// Does what is due.
  void step() {
    long now = nanoTime.getAsLong();
    for (RemoteRequest request : List.copyOf(held.values())) {
      request.checkTime(now);
      if (held.containsKey(request.id()) && request.givenUp(now)) {
        end(
            request,
            EndReason.ENGINE,
            Optional.empty(),
            "no answer began within %d s: the server is away or busy"
                .formatted(settings.giveUp().toSeconds()));
      }
    }
    health.model().ifPresent(model -> callReady(model, now));
  }

  private void callReady(String model, long now) {
    recheckNanos = Long.MAX_VALUE;
    int running = load().running();
    boolean alone = held.values().stream().anyMatch(r -> r.called() && r.alone());
    for (RemoteRequest request : List.copyOf(held.values())) {
      if (!request.ready(now)) {
        continue;
      }
      if (alone || running >= settings.slots() || (request.alone() && running > 0)) {
        return;
      }
      if (!breaker.tryAcquirePermission()) {
        recheckNanos = now + RECHECK_NANOS;
        return;
      }
      request.call(calls, model, new Answer(request), now);
      running++;
      alone = request.alone();
    }
  }

  /// When [#step] wants to be called at the latest.
  long nextNanos() {
    long now = nanoTime.getAsLong();
    return held.values().stream()
        .mapToLong(request -> request.nextNanos(now))
        .reduce(recheckNanos, Math::min);
  }

  EngineLoad load() {
    int running = (int) held.values().stream().filter(RemoteRequest::called).count();
    return new EngineLoad(settings.slots(), running, held.size() - running);
  }

  EngineTotals totals() {
    return totals;
  }

  CircuitBreaker.State breakerState() {
    return breaker.getState();
  }

  /// Registers the circuit breaker's meters; from any thread.
  void bindTo(MeterRegistry registry) {
    TaggedCircuitBreakerMetrics.ofCircuitBreakerRegistry(breakers).bindTo(registry);
  }

  /// What was said since the last call.
  List<EngineOutput> takeOutputs() {
    List<EngineOutput> taken = outputs;
    outputs = new ArrayList<>();
    return taken;
  }

  /// Breaks every call off and says nothing about it.
  void close() {
    held.values().forEach(RemoteRequest::leave);
    held.clear();
  }

  private void end(
      RemoteRequest request, EndReason reason, Optional<Chunk.Counted> usage, String detail) {
    held.remove(request.id());
    outputs.addAll(request.end(reason, usage, detail));
    if (reason == EndReason.ENGINE) {
      LOG.warn("request {}: {}", request.id(), detail);
    }
  }

  private void count(Optional<Chunk.Counted> usage) {
    if (usage.isPresent()) {
      totals =
          new EngineTotals(
              totals.promptTokens() + usage.get().promptTokens(),
              totals.reusedTokens() + usage.get().cachedTokens(),
              0);
    } else if (!uncounted) {
      uncounted = true;
      LOG.warn("the server does not count tokens: pieces of text are counted instead");
    }
  }

  /// What a call tells about a request.
  private final class Answer implements RemoteCall.Owner {
    private final RemoteRequest request;

    private Answer(RemoteRequest request) {
      this.request = request;
    }

    @Override
    public void began() {
      health.heard();
    }

    @Override
    public void said(Chunk chunk) {
      if (!request.answering()) {
        breaker.onSuccess(0, TimeUnit.NANOSECONDS);
      }
      outputs.addAll(request.said(chunk, nanoTime.getAsLong()));
    }

    @Override
    public void ended(EndReason reason, Optional<Chunk.Counted> usage) {
      count(usage);
      end(request, reason, usage, "");
    }

    @Override
    public void failed(Failure failure) {
      judge(failure);
      if (request.retries(failure, nanoTime.getAsLong())) {
        LOG.info("request {} is sent again later: {}", request.id(), failure.detail());
      } else {
        end(request, failure.reason(), Optional.empty(), failure.detail());
      }
    }

    private void judge(Failure failure) {
      if (failure.broken()) {
        breaker.onError(0, TimeUnit.NANOSECONDS, new FailedCall(failure));
      } else if (!request.answering()) {
        breaker.onSuccess(0, TimeUnit.NANOSECONDS);
      }
    }
  }
}
