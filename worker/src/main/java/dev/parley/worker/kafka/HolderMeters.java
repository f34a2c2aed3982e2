package dev.parley.worker.kafka;

import dev.parley.shared.wire.Lane;
import dev.parley.worker.intake.AckResult;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/// Counts what happens between holders and the broker.
final class HolderMeters {
  private final MeterRegistry registry;

  HolderMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  void acknowledged(Lane lane, String type, AckResult result) {
    registry
        .counter(
            "parley.queue.acknowledgements", "lane", tag(lane), "type", type, "result", tag(result))
        .increment();
  }

  /// @param reason the class of the error that made the holder begin anew
  void restarted(Lane lane, String reason) {
    registry
        .counter("parley.queue.holder.restarts", "lane", tag(lane), "reason", reason)
        .increment();
  }

  private static String tag(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
