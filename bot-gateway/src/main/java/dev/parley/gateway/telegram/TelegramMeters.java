package dev.parley.gateway.telegram;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/// What the adapter counts.
final class TelegramMeters {
  private final MeterRegistry registry;
  private final Counter flood;
  private final Counter gone;
  private final Counter plain;
  private final Counter conflicts;
  private final Counter denied;
  private final Counter dropped;
  private final Counter unsaid;

  TelegramMeters(MeterRegistry registry) {
    this.registry = registry;
    flood =
        Counter.builder("parley.telegram.flood")
            .description("Calls that Telegram put off (429).")
            .register(registry);
    gone =
        Counter.builder("parley.telegram.gone")
            .description("Replies whose chat or message was gone.")
            .register(registry);
    plain =
        Counter.builder("parley.telegram.plain")
            .description("Messages whose markup Telegram refused, shown without it.")
            .register(registry);
    conflicts =
        Counter.builder("parley.telegram.conflicts")
            .description("Polls that another program's polls ended (409).")
            .register(registry);
    denied =
        Counter.builder("parley.telegram.denied")
            .description("Messages of people who may not use the bot.")
            .register(registry);
    dropped =
        Counter.builder("parley.telegram.dropped")
            .description("Updates that could not be handled: bugs.")
            .register(registry);
    unsaid =
        Counter.builder("parley.telegram.unsaid")
            .description("Sentences of the bot's own that were too many for a chat.")
            .register(registry);
  }

  /// Somebody who may not use the bot did.
  void denied() {
    denied.increment();
  }

  /// An update that nothing could be done with.
  void dropped() {
    dropped.increment();
  }

  /// A sentence of the bot's own that was one too many.
  void unsaid() {
    unsaid.increment();
  }

  void flood() {
    flood.increment();
  }

  void gone() {
    gone.increment();
  }

  void plainFallback() {
    plain.increment();
  }

  void conflict() {
    conflicts.increment();
  }

  /// @param verdict `up` or `down`
  void feedback(String verdict) {
    registry.counter("parley.telegram.feedback", "verdict", verdict).increment();
  }
}
