package dev.parley.gateway.web;

import dev.parley.shared.openai.RequestLimits;
import java.time.Duration;

/// Bounds of the HTTP side.
///
/// @param request what a body may hold
/// @param maxMessageCharacters UTF-16 units of one message typed in the page
/// @param maxPendingCharacters answer text kept for one slow reader, in UTF-16 units; beyond it the
///     reader gets the whole text again once it reads on
/// @param heartbeat an idle stream says this often that it is alive
/// @param abandonAfter a turn with an `Idempotency-Key` whose client went away is stopped after this
///     time without a retry; others are stopped at once
/// @param maxConnections open connections
public record WebLimits(
    RequestLimits request,
    int maxMessageCharacters,
    int maxPendingCharacters,
    Duration heartbeat,
    Duration abandonAfter,
    int maxConnections) {

  public static final WebLimits DEFAULTS =
      new WebLimits(
          RequestLimits.DEFAULTS,
          100_000,
          1 << 20,
          Duration.ofSeconds(2),
          Duration.ofSeconds(10),
          20_000);

  public WebLimits {
    if (maxMessageCharacters < 1 || maxMessageCharacters > request.maxPromptCharacters()) {
      throw new IllegalArgumentException(
          "maxMessageCharacters must be from 1 to maxPromptCharacters: " + maxMessageCharacters);
    }
    if (maxPendingCharacters < 1 || maxConnections < 1) {
      throw new IllegalArgumentException("limits must be positive");
    }
    if (!heartbeat.isPositive() || abandonAfter.isNegative()) {
      throw new IllegalArgumentException("heartbeat must be positive, abandonAfter not negative");
    }
  }
}
