package dev.parley.gateway.web;

import dev.parley.shared.wire.Sampling;
import java.util.concurrent.ThreadLocalRandom;

/// Seeds for clients that send none: chosen here and carried with the turn, so that a worker that
/// takes an answer over draws as the first one would have.
final class Seeds {
  private Seeds() {}

  static Sampling fresh(Sampling defaults) {
    return defaults.withSeed(ThreadLocalRandom.current().nextLong());
  }
}
