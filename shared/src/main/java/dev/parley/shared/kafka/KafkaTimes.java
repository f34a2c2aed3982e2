package dev.parley.shared.kafka;

import java.time.Duration;

/// How long the clients wait for what.
///
/// @param renewPeriod between two renewals of a held record
/// @param ackTimeout for the broker's answer to an acknowledgement or renewal; after it the outcome
///     is unknown
/// @param fetchMaxWait how long the broker keeps an empty fetch open. A new record answers it at
///     once, so it costs no latency; longer is cheaper (16 idle holders take some 15 % of a core
///     at 0.5 s, 3 % at 5 s), but a fetch left open by a consumer that was closed is answered with
///     a record that nobody sees, so no close may give up before it
/// @param requestTimeout for any request; longer than `fetchMaxWait`
/// @param deliveryTimeout for a produced prompt, all retries included; after it the outcome is
///     unknown
/// @param closeTimeout for closing a client; longer than `fetchMaxWait`
/// @param firstBackoff before the second try of what failed; doubled up to `lastBackoff`
/// @param lastBackoff the longest wait between two tries
public record KafkaTimes(
    Duration renewPeriod,
    Duration ackTimeout,
    Duration fetchMaxWait,
    Duration requestTimeout,
    Duration deliveryTimeout,
    Duration closeTimeout,
    Duration firstBackoff,
    Duration lastBackoff) {

  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofMinutes(5);

  public KafkaTimes {
    Checks.between("Kafka renew period", renewPeriod, SHORTEST, LONGEST);
    Checks.between("Kafka acknowledgement timeout", ackTimeout, SHORTEST, LONGEST);
    Checks.between("Kafka fetch wait", fetchMaxWait, SHORTEST, LONGEST);
    Checks.between("Kafka request timeout", requestTimeout, SHORTEST, LONGEST);
    Checks.between("Kafka delivery timeout", deliveryTimeout, requestTimeout, LONGEST);
    Checks.between("Kafka close timeout", closeTimeout, SHORTEST, LONGEST);
    Checks.between("Kafka first backoff", firstBackoff, SHORTEST, lastBackoff);
    Checks.between("Kafka last backoff", lastBackoff, SHORTEST, LONGEST);
    requireLonger("request timeout", requestTimeout, fetchMaxWait);
    requireLonger("close timeout", closeTimeout, fetchMaxWait);
  }

  public static KafkaTimes defaults() {
    return new KafkaTimes(
        Duration.ofSeconds(5),
        Duration.ofSeconds(3),
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        Duration.ofMillis(1_500),
        Duration.ofMillis(500),
        Duration.ofSeconds(10));
  }

  private static void requireLonger(String name, Duration value, Duration fetchMaxWait) {
    if (value.compareTo(fetchMaxWait) <= 0) {
      throw new IllegalArgumentException(
          "the Kafka %s (%s) must be longer than the fetch wait (%s)"
              .formatted(name, value, fetchMaxWait));
    }
  }
}
