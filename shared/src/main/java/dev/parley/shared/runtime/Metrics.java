package dev.parley.shared.runtime;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.stream.DoubleStream;

/// The meters of one process, read by Prometheus at `/metrics`.
///
/// Names are dotted words (`parley.writes.fenced`); ids of users, chats and turns are never labels.
public final class Metrics implements AutoCloseable {
  /// Seconds to the first token, past 10 s because waiting in the queue counts.
  private static final double[] FIRST_TOKEN_SECONDS = {
    .001, .005, .01, .02, .04, .06, .08, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160
  };

  /// Seconds from one token to the next.
  private static final double[] PER_TOKEN_SECONDS = {
    .01, .025, .05, .075, .1, .15, .2, .3, .4, .5, .75, 1, 2.5
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collector = new JvmGcMetrics();

  private Metrics() {}

  /// Meters with the JVM's own already bound.
  public static Metrics create() {
    var metrics = new Metrics();
    new JvmMemoryMetrics().bindTo(metrics.registry);
    new JvmThreadMetrics().bindTo(metrics.registry);
    new ProcessorMetrics().bindTo(metrics.registry);
    metrics.collector.bindTo(metrics.registry);
    Gauge.builder("parley.build.info", () -> 1)
        .tag("java", Runtime.version().toString())
        .register(metrics.registry);
    return metrics;
  }

  /// Where adapters register their meters.
  public MeterRegistry registry() {
    return registry;
  }

  /// The page that Prometheus reads.
  public String scrape() {
    return registry.scrape();
  }

  /// `gen_ai.server.time_to_first_token`, with the semantic conventions' buckets.
  public Timer timeToFirstToken(String model) {
    return genAi("gen_ai.server.time_to_first_token", model, FIRST_TOKEN_SECONDS);
  }

  /// `gen_ai.server.time_per_output_token`, with the semantic conventions' buckets.
  public Timer timePerOutputToken(String model) {
    return genAi("gen_ai.server.time_per_output_token", model, PER_TOKEN_SECONDS);
  }

  /// `gen_ai.server.request.duration`, with the semantic conventions' buckets.
  public Timer requestDuration(String model) {
    var doubling = DoubleStream.iterate(.01, seconds -> seconds * 2).limit(14).toArray();
    return genAi("gen_ai.server.request.duration", model, doubling);
  }

  private Timer genAi(String name, String model, double[] seconds) {
    return Timer.builder(name)
        .tag("gen_ai.operation.name", "chat")
        .tag("gen_ai.provider.name", "parley")
        .tag("gen_ai.request.model", model)
        .serviceLevelObjectives(
            DoubleStream.of(seconds)
                .mapToObj(s -> Duration.ofNanos(Math.round(s * 1e9)))
                .toArray(Duration[]::new))
        .register(registry);
  }

  @Override
  public void close() {
    collector.close();
    registry.close();
  }
}
