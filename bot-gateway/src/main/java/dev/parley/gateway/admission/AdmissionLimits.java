package dev.parley.gateway.admission;

import java.time.Duration;

/// Bounds of what one gateway has open.
///
/// @param chatUser turns of one chat user
/// @param apiKey turns of one API key
/// @param total turns of everybody: waiting, queued and running
/// @param retryAfter what the refused are told
public record AdmissionLimits(int chatUser, int apiKey, int total, Duration retryAfter) {

  public static final AdmissionLimits DEFAULT =
      new AdmissionLimits(4, 64, 20_000, Duration.ofSeconds(10));

  public AdmissionLimits {
    if (chatUser < 1 || apiKey < 1 || total < 1) {
      throw new IllegalArgumentException("limits of open turns must be positive");
    }
    if (!retryAfter.isPositive()) {
      throw new IllegalArgumentException("a refusal needs a time to retry after");
    }
  }
}
