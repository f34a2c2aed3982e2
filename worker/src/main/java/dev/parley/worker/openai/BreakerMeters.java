package dev.parley.worker.openai;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;

/// What is measured of the circuit breaker before a server.
final class BreakerMeters {
  private static final List<State> STATES = List.of(State.CLOSED, State.OPEN, State.HALF_OPEN);

  private BreakerMeters() {}

  static void bind(CircuitBreaker breaker, MeterRegistry registry) {
    for (State state : STATES) {
      Gauge.builder("parley.engine.breaker", breaker, b -> b.getState() == state ? 1 : 0)
          .tag("state", state.name().toLowerCase(Locale.ROOT))
          .description("1 for the state that the circuit breaker before the server is in.")
          .register(registry);
    }
    Counter refused =
        Counter.builder("parley.engine.breaker.refused")
            .description("How often the circuit breaker held a call back; it asks on meanwhile.")
            .register(registry);
    breaker.getEventPublisher().onCallNotPermitted(_ -> refused.increment());
  }
}
